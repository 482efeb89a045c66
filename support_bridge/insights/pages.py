"""`GET /insights`"""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from support_bridge.insights import choosing, picture, words
from support_bridge.insights.choosing import Choice
from support_bridge.insights.overview import Overview, chosen, overview
from support_bridge.insights.rules import METRICS, SUPPRESSED
from support_bridge.insights.values import Answer
from support_bridge.people.doors import require
from support_bridge.people.values import Role
from support_bridge.web.current import current_services

pages = Blueprint("insights_pages", __name__, template_folder="templates")


@pages.get("/insights")
@require(Role.INSIGHTS)
def show() -> ResponseReturnValue:
    """The overview, the form, and the chosen metric as chart and table. 400, with the form, for wrong months."""
    services, now = current_services(), datetime.now(UTC)
    names = [policy.name for policy in services.policies.policies]
    threshold = services.settings.insights_suppression_threshold
    this_month = now.date().replace(day=1)
    with services.sessions() as session:
        seen = overview(session, names, now, threshold=threshold)
        choice = choosing.read(request.args, seen.newest, this_month)
        said = None if choice.wrong else chosen(session, names, choice, seen, threshold=threshold)
    page = render_template(
        "insights/show.html",
        seen=seen,
        choice=choice,
        threshold=threshold,
        metrics=METRICS.values(),
        titles={policy.name: policy.title for policy in services.policies.policies},
        errors=[{"text": text, "href": f"#{_first_field(name)}"} for name, text in choice.wrong.items()],
        months={which: _month_field(choice, which) for which in (choosing.FIRST, choosing.LAST)},
        words=words,
        **(_picture(said, seen) if said else {"said": None}),
    )
    return page, 400 if choice.wrong else 200


def _picture(said: Answer, seen: Overview) -> dict[str, Any]:
    """What is chosen, drawn. `is_open`: its last month is not complete yet."""
    is_open = said.months[-1] > seen.newest
    is_one_month = len(said.months) == 1
    return {
        "said": said,
        "is_open": is_open,
        "has_signs": any(cell.n == SUPPRESSED for cell in said.cells),
        "bars": picture.bars(said) if is_one_month else None,
        "lines": [] if is_one_month else picture.lines(said, is_open=is_open),
        "without": [] if is_one_month else picture.without_a_number(said),
    }


def _month_field(choice: Choice, which: str) -> dict[str, Any]:
    """The two fields of a month, as GOV.UK's date input wants them; marked are those that are wrong."""
    wrong = [name for name in choice.wrong if name.startswith(which)]
    typed = choosing.typed_month(request.args, which, choice.first if which == choosing.FIRST else choice.last)
    fields = {part: f"{which}-{part}" for part in ("month", "year")}
    return {
        "label": choosing.LABELS[which],
        "message": choice.wrong[wrong[0]] if wrong else None,
        "items": [
            {
                "name": name,
                "id": name,
                "label": part.capitalize(),
                "value": typed[part],
                "classes": f"govuk-input--width-{2 if part == 'month' else 4}"
                + (" govuk-input--error" if which in wrong or name in wrong else ""),
            }
            for part, name in fields.items()
        ],
    }


def _first_field(name: str) -> str:
    """Where a message's link leads: of a month's two fields, the first."""
    return f"{name}-month" if name in choosing.LABELS else name
