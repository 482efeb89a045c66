"""Six hours in which Zendesk delivered nothing are closed by the clock and a worker, with nobody doing anything.

The account's clock starts six hours behind ours and is moved on through them, so that when it ends its present is ours:
Zendesk's times and our own are comparable, as they are in the world. A minute of Zendesk's is a second on both sides.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from sandbox.servers.daemon import until
from sandbox.settings import WEBHOOK_SECRET
from sandbox.stage import Stage, free_port, procfile
from support_bridge.inbox import told
from support_bridge.inbox.tables import Delivery
from support_bridge.insights.backfill import backfill
from support_bridge.insights.tables import CatchUp, ExportWalk, MirroredTicket
from support_bridge.retention.register import registered
from support_bridge.services import Services
from tests.conftest import QUICK, Sandbox
from tests.integration.catching_up import open_tickets
from tests.integration.desk import now

HOURS = 6
SOLVED = ("solved", "closed")


@pytest.fixture(scope="module")
def sandbox(stage: Stage) -> Sandbox:
    behind = {"SANDBOX_CLOCK_BEHIND_SECONDS": str(HOURS * 3600), "SANDBOX_WEBHOOK_SECRET": WEBHOOK_SECRET}
    return Sandbox(stage.start_sandbox(QUICK | behind))


@pytest.fixture
def service(stage: Stage, services: Services, environ: dict[str, str], sandbox: Sandbox) -> Iterator[Stage]:
    """Everything but the worker and the clock, which begin when the outage is over."""
    with services.sessions.begin() as session:
        session.execute(delete(CatchUp))
    url = stage.start_web(environ | {"PORT": str(free_port())})
    sandbox.control("PUT", "webhook", {"url": f"{url}/webhooks/zendesk", "secret": WEBHOOK_SECRET})
    yield stage
    stage.end(*({"web", "worker", "clock"} & set(stage.processes)))


def test_an_outage_of_six_hours_is_closed_without_anybody_doing_anything(
    service: Stage, services: Services, sandbox: Sandbox
) -> None:
    reading = services.zendesk(bulk=True).reading
    pages = backfill(services.sessions, reading, services.policies, registered, now)
    assert sum(len(page.tickets) for page in pages) > 3000
    began = datetime.fromisoformat(sandbox.control("GET", "state")["now"]).astimezone(UTC)
    with services.sessions.begin() as session:  # it ended by the account's clock, which then was six hours behind
        session.execute(update(ExportWalk).values(ended_at=began))
    assert differing(services, sandbox) == []

    sandbox.control("PUT", "deliveries", {"outage": True})
    for hour in range(HOURS):
        an_hour_passes(services, sandbox, hour)
    sandbox.control("PUT", "deliveries", {"outage": False})
    assert len(differing(services, sandbox)) > 40
    assert heard(services) == 0

    for name in ("worker", "clock"):
        service.start(name, procfile()[name])
    assert until(lambda: not differing(services, sandbox), 60), differing(services, sandbox)[:5]

    with services.sessions() as session:
        share = told.share(session, began.date())
    assert share.changes > 40
    assert share.told < share.changes / 10

    # And what is told again is told.
    said = sandbox.control("POST", "activity", {"events": 40, "tickets": 20, "drop": 10, "seed": 99})
    assert said["dropped"] == 10
    assert until(lambda: heard(services) == 30 and not differing(services, sandbox), 60)


def an_hour_passes(services: Services, sandbox: Sandbox, hour: int) -> None:
    """People write, agents answer, tickets go and come back, two become one; nobody is told."""
    made = [sandbox.control("POST", "tickets", {})["id"] for _ in range(3)]
    sandbox.control("POST", "activity", {"events": 60, "tickets": 20, "seed": hour})
    some = open_tickets(sandbox, 12)
    sandbox.control("POST", f"tickets/{some[0]}/merge", {"into": some[1]})
    services.deleting_zendesk().deleting.soft_delete([some[2], made[0]])
    sandbox.control("POST", "clock", {"advance_seconds": 3600})


def heard(services: Services) -> int:
    with services.sessions() as session:
        rows = session.scalars(select(Delivery.id).where(Delivery.event_type != told.RECONCILED))
        return len(rows.all())


def differing(services: Services, sandbox: Sandbox) -> list[tuple[Any, Any]]:
    """The tickets that are not in the mirror as the account has them."""
    truth = sandbox.truth()
    with services.sessions() as session:
        rows = {row.ticket_id: row for row in session.scalars(select(MirroredTicket))}
    return [(one, row and vars(row)) for one in truth if not _is_right(one, row := rows.get(one["id"]))]


def _is_right(one: dict[str, Any], row: MirroredTicket | None) -> bool:
    if one["state"] != "live":
        return row is None or row.gone_at is not None
    if row is None:
        return False
    said = (row.status, row.created_at, row.updated_at, row.first_reply, row.full_resolution, row.gone_at)
    minutes = one["first_reply_minutes"], one["full_resolution_minutes"] if one["status"] in SOLVED else None
    true = (one["status"], _at(one["created_at"]), _at(one["updated_at"]), *minutes, None)
    return said == true and (row.solved_at is not None) == (one["status"] in SOLVED)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text) + timedelta(0)
