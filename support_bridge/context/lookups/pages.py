"""`/context/lookups`, for auditors: the list, a page at a time, and the same as a file."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from support_bridge.context import words
from support_bridge.context.lookups import reading, wanted
from support_bridge.context.lookups.table import as_csv
from support_bridge.context.lookups.wanted import LABELS, OUTCOMES, PARTS, Wanted
from support_bridge.people.doors import require
from support_bridge.people.values import Role
from support_bridge.web.current import current_services

pages = Blueprint("lookups", __name__, template_folder="templates")

MOST_IN_A_FILE = 20_000
TOO_MANY = f"More than {MOST_IN_A_FILE:,} look-ups match, which is more than a file has: choose fewer days"
FILTERS = ("agent", "ticket", "outcome", *(f"{which}-{part}" for which in LABELS for part in PARTS))
WAYS = {"sidebar": "Sidebar", "macro": "Macro", "api": "API", "command": "Console"}
NOTES = {
    "added": "Added",
    "not_asked": "Not asked for",
    "closed": "Not added: ticket closed",
    "already_there": "Already there",
    "public": "Added in public",
    "failed": "Not added",
}


@pages.get("/context/lookups")
@require(Role.AUDITOR)
def show() -> ResponseReturnValue:
    """The newest first. 400, with the form, for what cannot be looked for."""
    asked = wanted.read(request.args)
    return _page(asked, HTTPStatus.BAD_REQUEST if asked.wrong else HTTPStatus.OK)


@pages.get("/context/lookups.csv")
@require(Role.AUDITOR)
def as_file() -> ResponseReturnValue:
    """All that match, as a file. 400, with the form, where they are too many for one."""
    asked = wanted.read(request.args)
    if asked.wrong:
        return _page(asked, HTTPStatus.BAD_REQUEST)
    with current_services().sessions() as session:
        rows = reading.every(session, asked, MOST_IN_A_FILE)
    if rows is None:
        return _page(asked, HTTPStatus.BAD_REQUEST, {"first": TOO_MANY})
    headers = {"Content-Disposition": "attachment; filename=look-ups.csv"}
    return Response(as_csv(rows), mimetype="text/csv", headers=headers)


def _page(asked: Wanted, status: HTTPStatus, more: dict[str, str] | None = None) -> ResponseReturnValue:
    wrong = {**asked.wrong, **(more or {})}
    with current_services().sessions() as session:
        found = None if asked.wrong else reading.page(session, asked)
    page = render_template(
        "lookups/show.html",
        found=found,
        asked=asked,
        typed=request.args,
        wrong=wrong,
        errors=[{"text": text, "href": f"#{_first_field(name)}"} for name, text in wrong.items()],
        dates={which: _date_field(which, wrong) for which in LABELS},
        outcomes=OUTCOMES,
        ways=WAYS,
        notes=NOTES,
        at=words.at,
        query=_query(),
    )
    return page, status


def _query() -> str:
    """The filters alone, as a query: for the file, and for the next page. What else was sent is not repeated."""
    return urlencode({name: request.args[name] for name in FILTERS if request.args.get(name)})


def _date_field(which: str, wrong: dict[str, str]) -> dict[str, Any]:
    """The three fields of a day, as GOV.UK's date input wants them; marked are those that are wrong."""
    names = {part: f"{which}-{part}" for part in PARTS}
    message = next((wrong[name] for name in (which, *names.values()) if name in wrong), None)
    marked = {part: which in wrong or name in wrong for part, name in names.items()}
    return {
        "label": LABELS[which],
        "message": message,
        "items": [
            {
                "name": name,
                "id": name,
                "label": part.capitalize(),
                "value": request.args.get(name, ""),
                "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
                + (" govuk-input--error" if marked[part] else ""),
            }
            for part, name in names.items()
        ],
    }


def _first_field(name: str) -> str:
    """Where a message's link leads: of a day's three fields, the first."""
    return f"{name}-day" if name in LABELS else "main-content" if name == "after" else name
