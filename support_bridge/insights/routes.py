"""`/api/v1/insights/…`"""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask_smorest import Blueprint

from support_bridge.insights.answering import answer, as_words
from support_bridge.insights.schemas import METRIC, AnswerSchema, QuestionSchema
from support_bridge.people.doors import require
from support_bridge.people.values import Role
from support_bridge.web.api.described import may_answer, needs
from support_bridge.web.current import current_services

blueprint = Blueprint("insights", __name__, url_prefix="/api/v1/insights", description="Numbers, and nothing personal")


@blueprint.get("/<metric>", parameters=[METRIC])
@require(Role.INSIGHTS)
@needs(Role.INSIGHTS)
@blueprint.arguments(QuestionSchema, location="query")
@blueprint.response(200, AnswerSchema)
@may_answer(
    blueprint,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
def show_metric(question: dict[str, Any], metric: str) -> dict[str, Any]:
    """A metric by month and service; counts above zero and below the threshold are `c`."""
    services, now = current_services(), datetime.now(UTC)
    return as_words(answer(services, metric, question.get("from_"), question.get("to"), now))
