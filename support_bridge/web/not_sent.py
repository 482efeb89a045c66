"""A form that arrives after its session ended, or with an old key, is not done; and what was typed is not lost."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from support_bridge.web.audience import is_for_programs
from support_bridge.web.current import current_services
from support_bridge.web.walls import origin

OURS = ("csrf_token", "submit")


def page(cause: str) -> ResponseReturnValue | None:
    """The page that shows what was typed and sends it again; None where there is nothing of the kind to show. `cause`:
    `session` (401: it ended) or `token` (400: the form's key is an old one).

    Only for what this site's own pages sent: another site's page must not be able to have its words shown here, one
    press of a button away from being done.
    """
    # In this order: a form that is none of these may be one that cannot even be read.
    if request.method != "POST" or is_for_programs(request.path) or not _is_from_here():
        return None
    typed = [(name, _label(name), value) for name, value in request.form.items(multi=True) if name not in OURS]
    if not typed:
        return None
    shown = render_template(
        "web/not_sent.html",
        cause=cause,
        action=request.full_path.rstrip("?"),
        fields=typed,
        sign_in_url=url_for("people.sign_in"),
    )
    return shown, 401 if cause == "session" else 400


def _is_from_here() -> bool:
    # Every browser since 2023 says so itself, and no page can make it say otherwise; older ones name the origin.
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said == "same-origin"
    ours = current_services().settings.public_url or request.host_url
    return origin(request.headers.get("Origin", "")) == origin(ours)


def _label(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()
