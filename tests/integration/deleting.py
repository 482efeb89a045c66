"""Deletion as tests do it: work until a run is done, look at an item, count what the sandbox was asked."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import update

from sandbox.servers.daemon import until
from support_bridge.retention import batches
from support_bridge.retention.delete import work
from support_bridge.retention.report import report
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.tables import RetentionItem
from support_bridge.retention.values import Batch, Report
from support_bridge.services import Services
from tests.conftest import Sandbox
from tests.integration.desk import now

SOFT, PERMANENT = "/api/v2/tickets/destroy_many", "/api/v2/deleted_tickets/destroy_many"
LEASE = timedelta(minutes=1)
Approve = Callable[[Sequence[int]], str]


def delete(services: Services, parts: Parts, run: str, seconds: float = 20) -> Report:
    """Work until the run is done, or for so long."""

    def done() -> bool:
        work(services.settings, parts, until=now() + timedelta(seconds=5))
        return said(services, run).waiting == 0

    until(done, seconds)
    return said(services, run)


def said(services: Services, run: str) -> Report:
    with services.sessions() as session:
        return report(session, run)


def item(services: Services, ticket: int) -> RetentionItem:
    with services.sessions() as session:
        return session.query(RetentionItem).filter_by(ticket_id=ticket).one()


def deletions(sandbox: Sandbox, path: str = SOFT) -> Counter[int]:
    """How often each ticket's deletion was asked for."""
    asked = [entry["ticket_ids"] for entry in sandbox.log("zendesk") if entry["path"] == path]
    return Counter(ticket for several in asked for ticket in several)


def states(sandbox: Sandbox, tickets: Sequence[int]) -> set[str]:
    truth = {ticket["id"]: ticket["state"] for ticket in sandbox.truth()}
    return {truth[ticket] for ticket in tickets}


def leased(services: Services) -> Batch:
    with services.sessions.begin() as session:
        batch = batches.lease(session, now(), LEASE)
    assert batch is not None
    return batch


def forget_job(services: Services, job: str) -> None:
    with services.sessions.begin() as session:
        session.execute(update(RetentionItem).values(job_id=job or None))
