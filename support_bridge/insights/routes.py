"""`/api/v1/insights/…`"""

from datetime import UTC, datetime
from typing import Any

from flask_smorest import Blueprint

from support_bridge.insights.answering import answer, as_words
from support_bridge.insights.schemas import AnswerSchema, QuestionSchema
from support_bridge.people.doors import require
from support_bridge.people.values import Role
from support_bridge.web.current import current_services

blueprint = Blueprint("insights", __name__, url_prefix="/api/v1/insights", description="Numbers, and nothing personal")


@blueprint.get("/<metric>")
@require(Role.INSIGHTS)
@blueprint.arguments(QuestionSchema, location="query")
@blueprint.response(200, AnswerSchema)
def show_metric(question: dict[str, Any], metric: str) -> dict[str, Any]:
    """A metric by month and service; counts above zero and below the threshold are `c`."""
    services, now = current_services(), datetime.now(UTC)
    return as_words(answer(services, metric, question.get("from_"), question.get("to"), now))
