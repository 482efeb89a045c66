"""`/api/v1/tickets/{id}/context`"""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask_smorest import Blueprint

from support_bridge.context.answer import answer
from support_bridge.context.schemas import EXAMPLE, LARGEST_ID, ContextSchema, QuestionSchema
from support_bridge.context.values import Context, Question
from support_bridge.people.doors import require
from support_bridge.people.values import Role
from support_bridge.web.api.described import may_answer, needs
from support_bridge.web.current import current_services

blueprint = Blueprint("context", __name__, url_prefix="/api/v1/tickets", description="Context, when an agent asks")
TICKET = {"in": "path", "name": "ticket_id", "description": "The ticket, by Zendesk’s number", "example": 1042}


@blueprint.post(f"/<int(min=1, max={LARGEST_ID}):ticket_id>/context", parameters=[TICKET])
@require(Role.AGENT)
@needs(Role.AGENT)
@blueprint.arguments(QuestionSchema, example=EXAMPLE)
@blueprint.response(200, ContextSchema)
@may_answer(
    blueprint,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
def ask(asked: dict[str, Any], ticket_id: int) -> Context:
    """The provider and the application behind a ticket; recorded, and added as an internal note when told so."""
    services = current_services()
    return answer(
        Question(
            ticket_id=ticket_id,
            agent_id=asked["agent"],
            purpose=asked["purpose"],
            provider=asked["provider"],
            candidate=asked["candidate"],
            add_note=asked["add_note"],
        ),
        sessions=services.sessions,
        zendesk=services.zendesk(bulk=False),
        publish=services.publish,
        apply=services.apply,
        clock=lambda: datetime.now(UTC),
    )
