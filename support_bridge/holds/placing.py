"""What was typed to place a hold, or what is wrong with it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from support_bridge.errors import Refused
from support_bridge.store.free_text import checked_text

TICKET = re.compile(r"#?([0-9]{1,18})")
PARTS = ("day", "month", "year")
REVIEW = "Review date"


@dataclass(frozen=True)
class Placing:
    """A hold to be placed."""

    ticket: int
    reason: str
    review_on: date


def read(typed: Mapping[str, str], today: date) -> tuple[Placing | None, dict[str, str]]:
    """The hold that was typed; or None, and what is wrong by the field's name (a date's three fields together have
    the date's)."""
    wrong: dict[str, str] = {}
    ticket = _ticket(typed.get("ticket", ""), wrong)
    reason = _reason(typed.get("reason", ""), wrong)
    review_on = _review_on([typed.get(f"review-{part}", "").strip() for part in PARTS], today, wrong)
    if wrong or review_on is None:
        return None, wrong
    return Placing(ticket, reason, review_on), wrong


def _ticket(typed: str, wrong: dict[str, str]) -> int:
    found = TICKET.fullmatch(typed.strip())
    number = int(found[1]) if found else 0
    if not typed.strip():
        wrong["ticket"] = "Enter the ticket’s number"
    elif number == 0:
        wrong["ticket"] = "Ticket number must be a whole number, such as 1042"
    return number


def _reason(typed: str, wrong: dict[str, str]) -> str:
    if not typed.strip():
        wrong["reason"] = "Enter why the ticket must be left alone"
        return ""
    try:
        return checked_text(typed, "reason")
    except Refused as error:
        wrong["reason"] = str(error)
        return ""


def _review_on(typed: list[str], today: date, wrong: dict[str, str]) -> date | None:
    missing = [part for part, text in zip(PARTS, typed, strict=True) if not text]
    if len(missing) == len(PARTS):
        wrong["review"] = "Enter the day on which to ask whether the hold is still needed"
    elif missing:
        wrong[f"review-{missing[0]}"] = f"{REVIEW} must include a {' and a '.join(missing)}"
    else:
        day, month, year = typed
        try:
            found = date.fromisoformat(f"{year:0>4}-{month:0>2}-{day:0>2}")
        except ValueError:
            wrong["review"] = f"{REVIEW} must be a real date, such as 27 3 {today.year + 1}"
        else:
            if found > today:
                return found
            wrong["review"] = f"{REVIEW} must be in the future"
    return None
