"""`/sidebar`: opened by Zendesk, asked by an agent. No cookie is set or read: the opening that the page carries is what
shows whom it was opened for, and other sites cannot know it, so its forms need no key beside."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from support_bridge.context.answer import answer
from support_bridge.context.parts import Asking
from support_bridge.context.sidebar import form, opening, showing, signed_url, troubles
from support_bridge.context.sidebar.form import Typed
from support_bridge.context.sidebar.refusals import NotOpened, Reason, count
from support_bridge.context.values import Context
from support_bridge.errors import SupportBridgeError, TryAgain
from support_bridge.observability import request_id
from support_bridge.people import attempts
from support_bridge.people.attempts import Attempts
from support_bridge.settings import Settings
from support_bridge.web.current import current_services
from support_bridge.web.walls import zendesk_origin

logger = logging.getLogger(__name__)

FIELDS = ("provider_code", "candidate_id", "purpose")  # the policy file's names of Zendesk's fields
NO_TICKET = "This page was not opened on a ticket, or Zendesk did not say on which."


def pages(asking: Asking) -> Blueprint:
    """The pages; `asking` gives the parts that a look-up needs, and is called at each."""
    sidebar = Blueprint("sidebar", __name__, template_folder="templates")

    @sidebar.post("/sidebar", provide_automatic_options=False)
    def begin() -> ResponseReturnValue:
        """The empty form, for the agent whom Zendesk names. Nothing is asked of Zendesk or the DfE services."""
        services, now = current_services(), datetime.now(UTC)
        signed = signed_url.verify(request.form.get("token", ""), _expected(services.settings), now)
        if request.args.getlist("origin") not in ([], [_origin()]):
            raise NotOpened(Reason.ORIGIN)  # whoever that is would be told of the ticket's fields
        with services.sessions.begin() as session:
            opening.use(session, signed)
        count()
        return _form(Typed(opening.give(services.settings.secret_key, signed.agent_id, now)))

    @sidebar.post("/sidebar/context", provide_automatic_options=False)
    def ask() -> ResponseReturnValue:
        """What is found, or what to do about it; with `new`, the form again as it was filled in."""
        agent_id = _agent()
        said = form.typed(request.form, request.form["opening"])
        ticket_id = said.ticket_id
        if ticket_id is None:
            abort(HTTPStatus.BAD_REQUEST, NO_TICKET)
        if "new" in request.form:
            return _form(said)
        if wrong := form.wrong(said):
            return _form(said, wrong), HTTPStatus.BAD_REQUEST
        question = form.question(said, ticket_id, agent_id, add_note=request.form.get("add_note") == "yes")
        try:
            context = answer(question, asking())
        except SupportBridgeError as error:
            return _trouble(error, said)
        return _context(context, said)

    sidebar.register_error_handler(NotOpened, _not_opened)
    return sidebar


def _not_opened(error: NotOpened) -> ResponseReturnValue:
    """Say what to do, and nothing of why: that is for our log."""
    count(error.reason)
    logger.warning("sidebar not opened", extra={"reason": error.reason.value})
    if error.reason is Reason.UNCONFIGURED:
        return _page("sidebar/not_set_up.html"), HTTPStatus.FORBIDDEN
    has_ended = error.reason is Reason.OPENING_ENDED
    try:
        if not has_ended:  # that one was ours, and an agent's
            attempts.take(Attempts.REFUSED_SIDEBAR)
    except TooManyRequests as many:
        return current_app.handle_http_exception(many)  # raised in here, nobody would handle it
    return _page("sidebar/not_opened.html", has_ended=has_ended), HTTPStatus.FORBIDDEN


def _agent() -> int:
    """The agent whom the sidebar was opened for. Raises NotOpened."""
    services = current_services()
    given = request.form.get("opening", "")
    return opening.agent_of(services.settings.secret_key, given, datetime.now(UTC))


def _expected(settings: Settings) -> signed_url.Expected:
    return signed_url.Expected(
        public_key=settings.zendesk_app_public_key,
        audience=settings.zendesk_app_audience,
        issuer=f"{settings.zendesk_subdomain}.zendesk.com",
        claim=settings.zendesk_app_user_claim,
    )


def _form(said: Typed, wrong: Mapping[str, str] | None = None) -> str:
    fields = current_services().policies.fields
    paths = {name: f"ticket.customField:custom_field_{fields[name]}" for name in FIELDS if name in fields}
    return _page("sidebar/form.html", typed=said, wrong=wrong or {}, paths=paths)


def _context(context: Context, said: Typed) -> str:
    return _page("sidebar/context.html", context=context, typed=said, **showing.around(context))


def _trouble(error: SupportBridgeError, said: Typed) -> ResponseReturnValue:
    trouble = troubles.of(error, datetime.now(UTC))
    if trouble.is_about_the_form:
        return _form(said, {"provider": str(error)}), trouble.status
    if isinstance(error, TryAgain):
        logger.warning("look-up failed", extra={"error_class": type(error).__name__})
    elif trouble.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("look-up failed", exc_info=error)
    headers = {"Retry-After": str(trouble.again_in)} if trouble.again_in else {}
    page = _page("sidebar/trouble.html", trouble=trouble, typed=said, error_id=request_id())
    return page, trouble.status, headers


def _page(template: str, **values: Any) -> str:
    return render_template(template, next_url=_next_url(), **values)


def _origin() -> str:
    return zendesk_origin(current_services().settings)


def _next_url() -> str:
    return showing.next_url(_origin(), request.args.get("app_guid", ""))
