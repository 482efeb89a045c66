"""From the words of a question to the words of an answer: the same for the API and the command."""

from datetime import datetime
from typing import Any

from support_bridge.insights.rules import a_year_before, month_of
from support_bridge.insights.show import show
from support_bridge.insights.values import Answer
from support_bridge.services import Services


def answer(services: Services, metric: str, first: str | None, last: str | None, now: datetime) -> Answer:
    """The metric's cells from the one month to the other: the last twelve unless said. Raises Refused."""
    to = month_of(last) if last else now.date().replace(day=1)
    since = month_of(first) if first else a_year_before(to)
    names = [policy.name for policy in services.policies.policies]
    with services.sessions() as session:
        return show(session, metric, names, since, to, threshold=services.settings.insights_suppression_threshold)


def as_words(answer: Answer) -> dict[str, Any]:
    """The answer in the form that programs read."""
    return {
        "metric": answer.metric.id,
        "definition": {
            "id": answer.metric.id,
            "version": answer.metric.version,
            "text": answer.metric.definition,
        },
        "unit": answer.metric.unit,
        "watermark": answer.watermark,
        "completeness": answer.completeness,
        "cells": [
            {
                "period": f"{cell.month:%Y-%m}",
                "service": cell.service,
                "n": cell.n,
                "value": cell.value,
                "median": cell.median,
                "p90": cell.p90,
            }
            for cell in answer.cells
        ],
    }
