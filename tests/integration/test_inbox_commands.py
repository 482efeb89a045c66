"""The inbox at the console."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import select, update

from support_bridge.inbox import told
from support_bridge.inbox.commands import MANY
from support_bridge.inbox.record import UNKNOWN_EVENT, record
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Heard
from support_bridge.insights.tables import CatchUp
from support_bridge.services import Services
from tests.integration.desk import now

COMMENT, TRIGGER = "zen:event-type:ticket.comment_added", "trigger"
DAY = datetime(2026, 11, 20, tzinfo=UTC)


def hear(services: Services, count: int, *, kind: str = COMMENT, at: datetime | None = None, **then: Any) -> None:
    """Record so many, and have this become of them."""
    with services.sessions.begin() as session:
        for _ in range(count):
            assert record(session, Heard(kind, 7), at or now())
        newest = select(Delivery.id).order_by(Delivery.id.desc()).limit(count)
        if then:
            session.execute(update(Delivery).where(Delivery.id.in_(newest)).values(**then))


def test_the_status_counts_what_waits_and_what_was_set_aside(
    services: Services, command: Callable[..., Result]
) -> None:
    hear(services, 1, at=now() - timedelta(seconds=90))
    hear(services, 1, settled_at=now())
    hear(services, 1, lease=None, leased_until=now() + timedelta(minutes=1))
    said = json.loads(command("inbox", "status", "--json").output)
    assert said.pop("oldest_seconds") >= 90
    assert said.items() >= {"waiting": 1, "leased": 1, "set_aside": 0, "settled": 1, "set_aside_why": []}.items()
    assert "1 waiting, 1 leased, 0 set aside, 1 settled" in command("inbox", "status").output


def test_the_status_says_why_deliveries_were_set_aside_the_most_frequent_first(
    services: Services, command: Callable[..., Result]
) -> None:
    hear(services, 1, set_aside_at=DAY, error_class="NeedsAPerson")
    hear(services, 1, kind=TRIGGER, set_aside_at=DAY, error_class="Failing")
    hear(services, 1, kind=TRIGGER, set_aside_at=DAY + timedelta(hours=5), error_class="Failing")
    said = json.loads(command("inbox", "status", "--json").output)
    assert [(one["count"], one["error"], one["event_type"]) for one in said["set_aside_why"]] == [
        (2, "Failing", TRIGGER),
        (1, "NeedsAPerson", COMMENT),
    ]
    shown = command("inbox", "status").output
    assert "Set aside: 2 trigger by Failing, the last on 20 Nov 2026 05:00" in shown
    assert "flask inbox replay --set-aside" in shown


def test_the_status_says_how_much_zendesk_told_us_by_itself_and_how_far_its_exports_were_walked(
    services: Services, command: Callable[..., Result]
) -> None:
    assert "no change to hold its webhooks against" in command("inbox", "status").output
    with services.sessions.begin() as session:
        told.count(session, now().date(), 200, 190)
        told.count(session, (now() - timedelta(days=9)).date(), 200, 0)
        session.execute(update(CatchUp).where(CatchUp.name == "tickets").values(watermark=DAY))
        session.execute(update(CatchUp).where(CatchUp.name == "chats").values(failed_at=DAY, error_class="KeyError"))
    said = json.loads(command("inbox", "status", "--json").output)
    assert said["told"].items() >= {"changes": 200, "told": 190, "share": 0.95}.items()
    assert (said["walks"]["tickets"]["error"], said["walks"]["chats"]["error"]) == (None, "KeyError")
    shown = command("inbox", "status").output
    assert "Zendesk told us 190 of 200 changes: 95.0%" in shown
    assert "Export of tickets: looked at up to 20 Nov 2026 00:00\n" in shown
    assert "Export of chats: not walked yet; failing: KeyError" in shown


@pytest.fixture
def heard(services: Services) -> Services:
    """Seven deliveries: settled, set aside for two reasons, of two kinds, at different times, one leased."""
    hear(services, 1, settled_at=now(), at=DAY)
    hear(services, 1, kind=TRIGGER, settled_at=now(), at=DAY + timedelta(hours=6))
    hear(services, 2, set_aside_at=now(), error_class="Failing", attempts=5, put_offs=8, at=DAY + timedelta(hours=12))
    hear(services, 1, kind=TRIGGER, set_aside_at=now(), error_class="KeyError", at=DAY + timedelta(days=1))
    hear(services, 1, kind="zen:event-type:new.thing", set_aside_at=now(), error_class=UNKNOWN_EVENT, at=DAY)
    lease = {"lease": "6f1a1a52-1111-4111-8111-111111111111", "leased_until": now() + timedelta(minutes=1)}
    hear(services, 1, at=DAY, **lease)
    return services


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("1",), 1),
        (("1", "3", "999"), 2),
        (("--set-aside",), 4),
        (("--set-aside", "--error", "Failing"), 2),
        (("--kind", "ticket.comment_added"), 3),
        (("--kind", "zen:event-type:ticket.comment_added", "--set-aside"), 2),
        (("--kind", "trigger"), 2),
        (("--kind", "new.thing"), 1),
        (("--error", "UnknownEvent"), 1),
        (("--from", "2026-11-20T06:00", "--to", "2026-11-20T12:00"), 1),
        (("--from", "2026-11-20T07:00+01:00", "--to", "2026-11-21"), 3),
        (("--to", "2026-11-20T06:00Z"), 2),
        (("3", "--error", "KeyError"), 0),
        (("7",), 0),
    ],
)
def test_a_replay_lets_that_wait_again_for_which_everything_named_holds(
    words: tuple[str, ...], count: int, heard: Services, command: Callable[..., Result]
) -> None:
    assert command("inbox", "replay", "--dry-run", *words).output == f"{count} would wait again.\n"
    assert waiting(command) == 0
    assert command("inbox", "replay", *words).output == f"{count} wait again.\n"
    assert waiting(command) == count


def waiting(command: Callable[..., Result]) -> int:
    return int(json.loads(command("inbox", "status", "--json").output)["waiting"])


def test_what_is_replayed_begins_anew(heard: Services, command: Callable[..., Result]) -> None:
    command("inbox", "replay", "3")
    with heard.sessions() as session:
        row = session.scalars(select(Delivery).where(Delivery.id == 3)).one()
    assert (row.attempts, row.put_offs, row.error_class, row.not_before) == (0, 0, None, None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say which deliveries"),
        (("--from", "yesterday"), "Say a date or a time"),
        (("--to", "2026-13-01"), "Say a date or a time"),
        (("--from", "2026-11-21", "--to", "2026-11-20"), "--from must be before --to"),
        (("--from", "0001-01-01T00:00+14:00"), "Say a date or a time"),
    ],
)
def test_nonsense_is_refused(words: tuple[str, ...], said: str, command: Callable[..., Result]) -> None:
    refused = command("inbox", "replay", *words)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert isinstance(refused.exception, SystemExit)


def test_very_many_at_once_want_a_yes(services: Services, command: Callable[..., Result]) -> None:
    hear(services, MANY + 1, settled_at=now())
    refused = command("inbox", "replay", "--to", "2999-01-01")
    assert (refused.exit_code, "1,001 would wait again" in refused.stderr) == (2, True)
    assert waiting(command) == 0
    assert "1,001 wait again" in command("inbox", "replay", "--to", "2999-01-01", "--yes").output


@pytest.mark.parametrize(
    ("error", "mark", "todo"),
    [("Failing", "WRONG", "flask inbox replay --set-aside"), (UNKNOWN_EVENT, "look", "they leave in a week")],
)
def test_the_doctor_says_why_deliveries_are_set_aside_and_what_to_do(
    error: str, mark: str, todo: str, services: Services, command: Callable[..., Result]
) -> None:
    hear(services, 3, kind=TRIGGER, set_aside_at=now(), error_class=error)
    (line,) = [line for line in command("doctor").output.splitlines() if line.split()[1] == "inbox"]
    assert line.split()[0] == mark
    assert f"3 set aside: 3 trigger by {error}; " in line
    assert todo in line
