"""The inbox at the console."""

import json
from collections.abc import Callable
from datetime import timedelta

from click.testing import Result
from sqlalchemy import update

from support_bridge.inbox.record import record
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Heard
from support_bridge.services import Services
from tests.integration.desk import now


def test_the_status_counts_what_waits_and_what_was_set_aside(
    services: Services, command: Callable[..., Result]
) -> None:
    with services.sessions.begin() as session:
        for ticket in range(3):
            record(session, Heard("test", ticket), now() - timedelta(seconds=90))
        session.execute(update(Delivery).where(Delivery.id == 1).values(set_aside_at=now()))
        session.execute(update(Delivery).where(Delivery.id == 2).values(settled_at=now()))
    said = json.loads(command("inbox", "status", "--json").output)
    assert said.pop("oldest_seconds") >= 90
    assert said == {"waiting": 1, "leased": 0, "set_aside": 1, "settled": 1}
    shown = command("inbox", "status").output
    assert "1 waiting, 0 leased, 1 set aside, 1 settled" in shown
    assert "flask inbox replay --set-aside" in shown


def test_a_replay_lets_what_was_set_aside_and_what_is_named_wait_again(
    services: Services, command: Callable[..., Result]
) -> None:
    with services.sessions.begin() as session:
        for ticket in range(3):
            record(session, Heard("test", ticket), now())
        session.execute(update(Delivery).where(Delivery.id == 1).values(set_aside_at=now(), attempts=5))
        session.execute(update(Delivery).where(Delivery.id > 1).values(settled_at=now()))
    assert command("inbox", "replay").exit_code == 2
    assert "2 wait again" in command("inbox", "replay", "3", "--set-aside").output
    assert json.loads(command("inbox", "status", "--json").output)["waiting"] == 2
