"""`/holds`: place, see and release holds."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from support_bridge.errors import NotFound, Refused
from support_bridge.holds import holding, placing
from support_bridge.holds.placing import Placing
from support_bridge.people.doors import require, signed_in
from support_bridge.people.values import Role
from support_bridge.web.current import current_services

RELEASE = "/holds/<int(min=1, max=1000000000000000000):hold_id>/release"


def pages(deletion_of: Callable[[Session, int], str]) -> Blueprint:
    """The pages; `deletion_of` says how far a ticket's deletion is, and refuses when it is gone for good."""
    blueprint = Blueprint("holds_pages", __name__, template_folder="templates")
    may = require(Role.RETENTION, Role.RIGHTS)

    @blueprint.post("/holds")
    @may
    def place() -> ResponseReturnValue:
        """Leave a ticket alone, whatever is due. 400, with what was typed, when it is refused."""
        asked, wrong = placing.read(request.form, _today())
        if asked is None:
            return _page(wrong), HTTPStatus.BAD_REQUEST
        try:
            _place(asked, deletion_of)
        except Refused as error:
            return _page({"ticket": str(error)}), HTTPStatus.BAD_REQUEST
        return redirect(url_for("holds_pages.show"), HTTPStatus.SEE_OTHER)

    blueprint.add_url_rule("/holds", view_func=may(show))
    blueprint.add_url_rule(RELEASE, view_func=may(ask_release))
    blueprint.add_url_rule(RELEASE, view_func=may(release), methods=["POST"])
    return blueprint


def show() -> ResponseReturnValue:
    """The holds that stand, and the form."""
    return _page({})


def ask_release(hold_id: int) -> ResponseReturnValue:
    """Whether it is meant: from then on the ticket may be deleted."""
    with current_services().sessions() as session:
        try:
            hold = holding.standing(session, hold_id)
        except Refused as error:
            return _not_standing(error)
    return render_template("holds/release.html", hold=hold)


def release(hold_id: int) -> ResponseReturnValue:
    """End a hold."""
    try:
        with current_services().sessions.begin() as session:
            ticket = holding.release(session, hold_id, datetime.now(UTC)).ticket_id
    except Refused as error:
        return _not_standing(error)
    flash(f"Hold {hold_id} has ended. From now on ticket {ticket} is deleted when it is due.", "success")
    return redirect(url_for("holds_pages.show"), HTTPStatus.SEE_OTHER)


def _place(asked: Placing, deletion_of: Callable[[Session, int], str]) -> None:
    with current_services().sessions.begin() as session:
        begun = deletion_of(session, asked.ticket)
        owner = signed_in().subject
        hold = holding.place(session, asked.ticket, asked.reason, owner, asked.review_on, datetime.now(UTC))
    flash(f"Hold {hold.id}: ticket {asked.ticket} is left alone from now on.", "success")
    if begun:
        flash(begun, "warning")


def _not_standing(error: Refused) -> ResponseReturnValue:
    """A hold that was released before is none to complain of: the list shows how things stand."""
    if isinstance(error, NotFound):
        abort(HTTPStatus.NOT_FOUND)
    flash(str(error))
    return redirect(url_for("holds_pages.show"), HTTPStatus.SEE_OTHER)


def _page(wrong: Mapping[str, str]) -> str:
    with current_services().sessions() as session:
        standing = holding.holds(session)
    return render_template(
        "holds/show.html",
        holds=standing,
        today=_today(),
        errors=[{"text": text, "href": f"#{_first_field(name)}"} for name, text in wrong.items()],
        wrong=wrong,
        typed=request.form,
        review_fields=[_part(part, wrong) for part in placing.PARTS],
        review_message=next((text for name, text in wrong.items() if name.startswith("review")), None),
    )


def _part(part: str, wrong: Mapping[str, str]) -> dict[str, Any]:
    """One of the date's three fields, as GOV.UK's date input wants it; marked when it is wrong, or the date is."""
    name = f"review-{part}"
    mark = " govuk-input--error" if name in wrong or "review" in wrong else ""
    width = 4 if part == "year" else 2
    return {"name": name, "id": name, "label": part.capitalize(), "value": request.form.get(name, ""),
            "classes": f"govuk-input--width-{width}{mark}"}  # fmt: skip


def _first_field(name: str) -> str:
    """Where a message's link leads: of a date's three fields, the first."""
    return "review-day" if name == "review" else name


def _today() -> date:
    return datetime.now(UTC).date()
