"""The account that a seed and a day make."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache

from sandbox.account.business_hours import business_seconds
from sandbox.account.catalogue import BRAND_NAMES
from sandbox.account.seeding.seed import seeded as account_of
from sandbox.account.tickets import Ticket

TODAY = date(2026, 11, 21)
seeded = cache(account_of)
ANCHOR = datetime(2026, 11, 21, tzinfo=UTC)
THREE_YEARS_AGO = datetime(2023, 11, 21, tzinfo=UTC)
CHATTING = ("chat", "native_messaging")


def _claimed(ticket: Ticket) -> bool:
    brand = BRAND_NAMES[ticket.brand_id]
    return brand == "Apply for teacher training" or (brand == "Manage" and ticket.channel in CHATTING)


def test_the_same_seed_and_day_make_the_same_account() -> None:
    assert account_of(1, TODAY) == seeded(1, TODAY)
    assert account_of(2, TODAY).tickets != seeded(1, TODAY).tickets


def test_the_account_is_as_large_and_as_old_as_promised() -> None:
    tickets = seeded(1, TODAY).tickets.values()
    assert len(tickets) >= 3600
    due = [t for t in tickets if t.created_at < THREE_YEARS_AGO and _claimed(t)]
    assert sum(t.status == "closed" for t in due) >= 700
    assert sum(t.status in ("open", "pending") for t in due) == 15
    assert {t.status for t in tickets if t.created_at > ANCHOR - timedelta(days=40)} >= {
        "new",
        "open",
        "pending",
        "hold",
    }
    settled = [t for t in tickets if t.created_at < ANCHOR - timedelta(days=60)]
    assert sum(t.status == "closed" for t in settled) / len(settled) > 0.98


def test_history_ids_rise_with_the_time_of_creation() -> None:
    history = [t for number, t in sorted(seeded(1, TODAY).tickets.items()) if number > 20000]
    assert history[0].id == 20001
    assert all(before.created_at <= after.created_at for before, after in zip(history, history[1:], strict=False))


def test_channels_and_services_came_and_went_when_they_did() -> None:
    tickets = list(seeded(1, TODAY).tickets.values())
    messaging = [t for t in tickets if t.channel == "native_messaging"]
    assert min(t.created_at for t in messaging) > ANCHOR - timedelta(days=550)
    assert Counter(BRAND_NAMES[t.brand_id] for t in messaging).most_common(1)[0][0] == "Manage"
    placements = [t.created_at for t in tickets if BRAND_NAMES[t.brand_id] == "Manage school placements"]
    assert min(placements) >= datetime(2023, 9, 1, tzinfo=UTC)
    assert max(placements) < datetime(2025, 10, 1, tzinfo=UTC)


def test_nothing_was_written_after_the_day() -> None:
    account = seeded(1, TODAY)
    assert max(audit.at for t in account.tickets.values() for audit in t.audits) < ANCHOR
    assert len({audit.id for t in account.tickets.values() for audit in t.audits}) == sum(
        len(t.audits) for t in account.tickets.values()
    )


def test_business_time_is_the_part_inside_office_hours() -> None:
    friday, monday = datetime(2026, 11, 20, 16, tzinfo=UTC), datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert business_seconds(friday, monday) == 2 * 3600
    summer = datetime(2026, 7, 6, 7, tzinfo=UTC), datetime(2026, 7, 6, 9, tzinfo=UTC)
    assert business_seconds(*summer) == 3600


def test_the_tickets_to_show_are_recent_and_not_closed_but_for_one() -> None:
    shown = [ticket for number, ticket in seeded(1, TODAY).tickets.items() if number < 20001]
    assert [ticket.id for ticket in shown] == list(range(1001, 1051))
    assert min(ticket.created_at for ticket in shown) > ANCHOR - timedelta(days=10)
    assert [ticket.id for ticket in shown if ticket.status == "closed"] == [1043]
    assert {BRAND_NAMES[ticket.brand_id] for ticket in shown} == {"Manage", "Apply for teacher training"}
    named = shown[41]
    assert (named.id, named.channel, named.status) == (1042, "chat", "open")
