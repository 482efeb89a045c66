"""The app that is installed in the account: its key, where it is served, what is wrong with its tokens."""

from flask import Blueprint, Response, request

from sandbox.account.tickets import Json
from sandbox.agent.installation import WRONG
from sandbox.control.orders import asked, count, text, wrong
from sandbox.control.world import world
from sandbox.zendesk.webhooks.rules import is_address

blueprint = Blueprint("control_app", __name__, url_prefix="/_sandbox/app")


@blueprint.get("/public_key.pem")
def show_key() -> Response:
    """What verifies the app's tokens. Zendesk's own path for it is not confirmed."""
    return Response(world().app.public_key, mimetype="application/x-pem-file")


@blueprint.put("")
def install() -> Json:
    """Where the service is (`url`, which stays unless given), and what is `wrong` with every token from now on."""
    app, order = world().app, asked()
    if "url" in order:
        url = text(order, "url").rstrip("/")
        if not is_address(url):
            raise wrong("url is not one that can be called")
        app.url = url
    app.wrong = _wrong(order) or ""
    return {"url": app.url, "wrong": app.wrong}


@blueprint.post("/tokens")
def make_token() -> Json:
    """One, as if that agent (`as`) had opened the app; `address` is where it would be posted to."""
    app, order, origin = world().app, asked({}), request.host_url.rstrip("/")
    return {"token": app.token(count(order, "as", 501), origin, _wrong(order)), "address": app.address(origin)}


def _wrong(order: Json) -> str | None:
    if "wrong" not in order:
        return None
    kind = text(order, "wrong")
    if kind not in WRONG:
        raise wrong(f"wrong is one of {', '.join(sorted(WRONG))}")
    return kind
