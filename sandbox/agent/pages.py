"""An agent's pages: tickets to begin with, and a ticket with our app in its sidebar. Everybody may see everything."""

from flask import Blueprint, Response, render_template, request, send_from_directory, url_for

from sandbox.account import catalogue
from sandbox.account.catalogue import PRIVATE_GROUPS
from sandbox.account.people import User
from sandbox.account.staffing import ROLES
from sandbox.account.tickets import Ticket
from sandbox.agent import examples
from sandbox.agent.shown import comments_of, shown
from sandbox.control.scenes import MACRO_FIELDS
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.lookup import live_ticket

blueprint = Blueprint("agent", __name__, template_folder="templates", static_folder="static", url_prefix="/agent")
scripts = Blueprint("scripts", __name__, static_folder="static", static_url_path="/none")

FIRST_AGENT = 501
RESTRICTED = {"groups": "own groups alone", "assigned": "own tickets alone"}
NARROW, WIDE = 320, 720  # pixels: what Zendesk lets an agent make of the sidebar


@blueprint.get("")
def show_list() -> str:
    """A ticket of each kind that matters to the app, and those with fixed numbers."""
    chosen = _agent()
    return render_template("agent/list.html", examples=examples.find(world().account), agent=chosen, agents=_agents())


@blueprint.get("/tickets/<int:number>")
def show_ticket(number: int) -> Response:
    """With `?as=` an agent's id. The app is opened in the frame by a form that a script posts, as Zendesk does it."""
    app, ticket, agent = world().app, live_ticket(number), _agent()
    origin = request.host_url.rstrip("/")
    page = render_template(
        "agent/ticket.html",
        ticket=ticket,
        shown=shown(world().account, ticket),
        comments=comments_of(world().account, ticket),
        agent=agent,
        agents=_agents(),
        app=app,
        address=app.address(origin),
        token=app.token(agent.id, origin),
        told=_told(ticket, agent),
        widths=(NARROW, WIDE),
    )
    response = Response(page, headers={"Cache-Control": "no-store"})
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; img-src 'self' data:; frame-src {app.url or 'none'}; form-action 'self' {app.url};"
        " frame-ancestors 'none'; base-uri 'none'"
    )
    return response


@blueprint.get("/tickets/<int:number>/conversation")
def show_conversation(number: int) -> str:
    """The comments alone, for a page that is open to look again."""
    ticket = live_ticket(number)
    return render_template("agent/_conversation.html", comments=comments_of(world().account, ticket), ticket=ticket)


@scripts.get("/zaf_sdk.min.js")
def app_framework() -> Response:
    """The stand-in for Zendesk's script; another origin's page loads it."""
    response = send_from_directory(str(scripts.static_folder), "zaf_sdk.js", max_age=0)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _told(ticket: Ticket, agent: User) -> dict[str, object]:
    """What the page's script answers the app with; the fields' values it takes from the page, as they stand there."""
    requester = {"id": ticket.requester_id, "name": world().account.user_name(ticket.requester_id)}
    brand = catalogue.BRAND_NAMES[ticket.brand_id]
    return {
        "ticket": {"id": ticket.id, "subject": ticket.subject, "brand": brand, "requester": requester},
        "guid": world().app.guid,
        "origin": world().app.url,
        "subdomain": world().options.subdomain,
        "agent": {"id": agent.id, "name": agent.name, "role": agent.role},
        "conversation": url_for("agent.show_conversation", number=ticket.id),
        "macro": url_for("scenes.apply_macro", number=ticket.id),
        "macroFields": MACRO_FIELDS,
    }


@blueprint.app_template_global()
def role_of(user: User) -> str:
    """What tells one agent from another: which tickets they may open in Zendesk."""
    role = ROLES[user.custom_role_id].name.lower() if user.custom_role_id else user.role
    more = [RESTRICTED[user.restriction]] if user.restriction else []
    more += ["in the private group"] if user.groups & PRIVATE_GROUPS else []
    more += ["suspended"] if user.suspended else []
    return ", ".join([role, *more])


def _agents() -> list[User]:
    return [user for user in world().account.users.values() if user.role != "end-user"]


def _agent() -> User:
    number = request.args.get("as", FIRST_AGENT, int)
    found = world().account.users.get(number)
    if found is None or found.role == "end-user":
        raise answers.not_found()
    return found
