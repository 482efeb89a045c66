"""Deleters that are killed, for real, at any moment."""

import time
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from sandbox.servers.daemon import until
from sandbox.stage import Stage
from support_bridge.retention.approve import approve
from support_bridge.retention.plan import plan
from support_bridge.retention.report import report
from support_bridge.retention.tables import RegisterEntry, RetentionItem
from support_bridge.services import Services
from tests.conftest import Sandbox
from tests.integration.deleting import deletions, states
from tests.integration.desk import due, mirror, now

TICKETS, KILLS, SEED = 700, 6, 20261121
DELETER = "python -m workers retention"


def in_hand(services: Services) -> bool:
    """Whether a batch was in somebody's hands."""
    with services.sessions() as session:
        return session.query(RetentionItem).filter(RetentionItem.lease.is_not(None)).count() > 0


@pytest.fixture
def running(stage: Stage, services: Services, environ: dict[str, str]) -> Iterator[Stage]:
    stage.environ = environ
    stage.start("clock", "python -m workers clock")
    yield stage
    for name in ("clock", "deleter"):
        if name in stage.processes:
            stage.kill(name)


@pytest.mark.timeout(240)
def test_killed_at_any_moment_a_deleter_deletes_each_ticket_once_and_leaves_none(
    running: Stage, services: Services, sandbox: Sandbox
) -> None:
    some, random = due(sandbox.truth())[:TICKETS], Random(SEED)
    mirror(services, some)
    with services.sessions.begin() as session:
        run = plan(session, services.policies, now()).id
        approve(session, run, len(some), "somebody", now())
    interrupted = 0
    for _ in range(KILLS):
        running.start("deleter", DELETER)
        until(lambda: in_hand(services), 20)
        time.sleep(random.uniform(0, 0.8))
        running.kill("deleter")
        interrupted += in_hand(services)
    assert interrupted >= 2, "the kills met a deleter at work"
    running.start("deleter", DELETER)

    def done() -> bool:
        with services.sessions() as session:
            return report(session, run).state == "done"

    assert until(done, 120)
    with services.sessions() as session:
        found = report(session, run)
        assert (found.state, found.confirmed, found.planned) == ("done", len(some), len(some))
        assert session.query(RegisterEntry).count() == len(some)
    assert deletions(sandbox) == Counter(some)
    assert states(sandbox, some) == {"scrubbed"}
