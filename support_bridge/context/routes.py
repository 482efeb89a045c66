"""`/api/v1/tickets/{id}/context`"""

from datetime import UTC, datetime
from typing import Any

from flask_smorest import Blueprint

from support_bridge.context.answer import answer
from support_bridge.context.schemas import ContextSchema, QuestionSchema
from support_bridge.context.values import Context, Question
from support_bridge.people.doors import require
from support_bridge.people.values import Role
from support_bridge.web.current import current_services

blueprint = Blueprint("context", __name__, url_prefix="/api/v1/tickets", description="Context, when an agent asks")


@blueprint.post("/<int:ticket_id>/context")
@require(Role.AGENT)
@blueprint.arguments(QuestionSchema)
@blueprint.response(200, ContextSchema)
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
