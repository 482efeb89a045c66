"""Catch up at once, for whoever does not wait for the clock: every export, with progress, and waiting where Zendesk's
limits say so."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from support_bridge.errors import SupportBridgeError, TryAgain
from support_bridge.insights import walks
from support_bridge.insights.catching_up import NotAvailable, Parts, walk
from support_bridge.insights.mirror import Registered
from support_bridge.insights.missed import Pace
from support_bridge.insights.reconcile import NOTHING, Found
from support_bridge.insights.walks import CHATS
from support_bridge.services import NOW, Services

TRIES = 20
LONGEST_PAUSE_SECONDS = 60.0

DONE, UNDER_WAY, NOT_AVAILABLE, FAILED = "done", "under_way", "not_available", "failed"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """How the walk of an export went; `error` says what went wrong, where something did."""

    state: str = UNDER_WAY
    found: Found = NOTHING
    watermark: datetime | None = None
    error: str = ""


def by_hand(services: Services, registered: Registered, say: Say) -> dict[str, Report]:
    """Walk every export, and have a worker read what was found; how it went, by the export's name."""
    reports = {}
    for name in walks.exports(has_chat=True):
        try:
            reports[name] = _walk(services, registered, name, say)
        except SupportBridgeError as error:
            reports[name] = Report(FAILED, error=str(error))
    with services.sessions() as session:
        watermarks = {one.name: one.watermark for one in walks.walks(session)}
    services.wake(NOW)
    return {name: replace(one, watermark=watermarks.get(name)) for name, one in reports.items()}


def as_object(report: Report) -> dict[str, Any]:
    """For programs."""
    found = report.found
    counts = {"looked_at": found.rows, "changes": found.changes, "told": found.told, "repaired": found.repaired}
    counts["unreadable"] = found.unreadable
    watermark = report.watermark.isoformat() if report.watermark else None
    return {"state": report.state, **counts, "watermark": watermark, "error": report.error or None}


def in_words(name: str, report: Report) -> str:
    """For people, in one line."""
    if report.state != DONE:
        return f"{name}: {_WHY[report.state]}{report.error}"
    found = report.found
    if name == CHATS:
        left_out = found.rows - found.repaired
        why = "whose ids are not fit to be kept or whose tickets we deleted"
        more = f"; {left_out:,} left out, {why}" if left_out else ""
        return f"{name}: {found.rows:,} looked at, ids and times kept{more}."
    share = f" ({found.told / found.changes:.1%})" if found.changes else ""
    told = f"Zendesk told us {found.told:,} of {found.changes:,} changes in time{share}"
    unread = f" Of an unknown shape, and recorded by their ids: {found.unreadable:,}." if found.unreadable else ""
    return f"{name}: {found.rows:,} looked at. {told}. To be read again: {found.repaired:,}.{unread}"


def wait_for(error: TryAgain, say: Say) -> None:
    """Wait until it may be tried again, a minute at the most."""
    wait = (error.not_before - datetime.now(UTC)).total_seconds() if error.not_before else 10.0
    say(f"{error}; waiting {max(wait, 1):.0f} s")
    time.sleep(min(max(wait, 1.0), LONGEST_PAUSE_SECONDS))


_WHY = {
    UNDER_WAY: "a worker is at it.",
    NOT_AVAILABLE: "not available: ",
    FAILED: "",
}


def _walk(services: Services, registered: Registered, name: str, say: Say) -> Report:
    pace = Pace(timedelta(seconds=services.settings.zendesk_minute_seconds))
    total, began = NOTHING, time.monotonic()
    for _ in range(TRIES):
        zendesk = services.zendesk(bulk=True)
        if name == CHATS and zendesk.chats is None:
            return Report(NOT_AVAILABLE, error="there is no ZENDESK_CHAT_TOKEN")
        parts = Parts(services.sessions, zendesk.reading, zendesk.chats, registered, lambda: datetime.now(UTC), pace)
        try:
            for found in walk(parts, name, at_once=True):
                total = total + found
                say(f"{name}: {total.rows:,} in {time.monotonic() - began:.0f} s")
            return Report(DONE if total.pages else UNDER_WAY, total)
        except NotAvailable as error:
            return Report(NOT_AVAILABLE, error=str(error))
        except TryAgain as error:
            wait_for(error, say)
    raise TryAgain("Zendesk's export did not answer; run it again, it goes on where it was")
