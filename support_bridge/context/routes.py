"""`/api/v1/tickets/{id}/context`"""

from http import HTTPStatus
from typing import Any

from flask_smorest import Blueprint

from support_bridge.context.answer import answer
from support_bridge.context.parts import Asking
from support_bridge.context.schemas import EXAMPLE, LARGEST_ID, ContextSchema, QuestionSchema
from support_bridge.context.values import Context, Question
from support_bridge.people.doors import require
from support_bridge.people.values import Role
from support_bridge.web.api.described import may_answer, needs
from support_bridge.web.api.json_body import JsonParser

TICKET = {"in": "path", "name": "ticket_id", "description": "The ticket, by Zendesk’s number", "example": 1042}


def routes(asking: Asking) -> Blueprint:
    """The API; `asking` gives the parts that a look-up needs, and is called at each."""
    blueprint = Blueprint("context", __name__, url_prefix="/api/v1/tickets", description="Context, when an agent asks")
    blueprint.ARGUMENTS_PARSER = JsonParser()

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
        """The provider and the application behind a ticket, when the agent could open it in Zendesk; recorded, and
        added as an internal note when told so."""
        question = Question(
            ticket_id=ticket_id,
            agent_id=asked["agent"],
            purpose=asked["purpose"],
            provider=asked["provider"],
            candidate=asked["candidate"],
            add_note=asked["add_note"],
            way="api",
        )
        return answer(question, asking())

    return blueprint
