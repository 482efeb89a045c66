"""The whole way by real processes and Zendesk's own webhook; and with the worker killed between note and tag."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from sandbox.servers.daemon import until
from sandbox.settings import WEBHOOK_SECRET
from sandbox.stage import Stage, free_port, procfile
from support_bridge.inbox.status import status
from support_bridge.services import Services
from tests.conftest import Sandbox
from tests.integration.asked_by_macro import FULL, TAG, a_ticket, look_ups, notes, rows, tags, written
from tests.integration.desk import now

PATIENCE = 60


@pytest.fixture
def service(stage: Stage, services: Services, environ: dict[str, str], sandbox: Sandbox) -> Iterator[Stage]:
    """Everything that hears and answers, told by the sandbox's webhook."""
    url = stage.start_web(environ | {"PORT": str(free_port())})
    sandbox.control("PUT", "webhook", {"url": f"{url}/webhooks/zendesk", "secret": WEBHOOK_SECRET})
    for name in ("worker", "clock"):
        stage.start(name, procfile()[name])
    yield stage
    sandbox.control("PUT", "webhook", {"url": "", "secret": WEBHOOK_SECRET})
    stage.end(*({"web", "worker", "clock"} & set(stage.processes)))


def quiet(sessions: sessionmaker[Session], sandbox: Sandbox) -> bool:
    """Whether all that the sandbox has told was heard and dealt with, and nothing is asked for."""
    untold = sandbox.control("GET", "deliveries?list=0")["waiting"]
    with sessions() as session:
        said = status(session, now())
    return not (untold or said.waiting or said.leased or rows(sessions))


@pytest.mark.timeout(240)
def test_what_a_macro_asks_for_is_answered_once_and_our_own_answer_asks_for_nothing(
    service: Stage, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before, tickets = sandbox.last(), [a_ticket(sandbox) for _ in range(5)]
    for number in tickets:
        sandbox.control("POST", f"tickets/{number}/macro", FULL)
    assert until(lambda: all(tags(sandbox, number) == ["vip"] for number in tickets), PATIENCE)
    # Our notes and removals are told by the webhook too: when all that is dealt with, nothing more was written.
    assert until(lambda: quiet(sessions, sandbox), PATIENCE)
    assert [len(notes(sandbox, number)) for number in tickets] == [1] * 5
    assert Counter(one.ticket_id for one in look_ups(sessions)) == Counter(tickets)
    wrote = Counter(line for line in written(sandbox, before) if "/tickets/" in line)
    assert set(wrote.values()) == {1}
    assert len(wrote) == 2 * len(tickets)


@pytest.mark.timeout(240)
def test_a_worker_killed_between_note_and_tag_does_no_harm(
    service: Stage, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    ticket = a_ticket(sandbox)
    held = {"method": "DELETE", "path_prefix": f"/api/v2/tickets/{ticket}/tags", "slow_seconds": 100, "cut": "before"}
    sandbox.control("POST", "faults", held)
    sandbox.control("POST", f"tickets/{ticket}/macro", FULL)
    assert until(lambda: notes(sandbox, ticket), PATIENCE)
    assert until(lambda: not sandbox.control("GET", "faults")["faults"], PATIENCE), "the worker is at the tag"
    service.kill("worker")
    assert tags(sandbox, ticket) == [TAG, "vip"]
    assert [row.ticket_id for row in rows(sessions)] == [ticket]
    service.start("worker", procfile()["worker"])
    assert until(lambda: tags(sandbox, ticket) == ["vip"], PATIENCE)
    assert until(lambda: quiet(sessions, sandbox), PATIENCE)
    assert len(notes(sandbox, ticket)) == 1
    assert [one.note for one in look_ups(sessions)] == ["added", "already_there"]
