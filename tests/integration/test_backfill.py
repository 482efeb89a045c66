"""`flask insights backfill`: the mirror filled from the cursor export."""

from collections.abc import Callable

from click.testing import Result
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.insights.answering import answer
from support_bridge.insights.backfill import backfill
from support_bridge.insights.tables import ExportWalk, MirroredTicket
from support_bridge.retention.register import registered
from support_bridge.services import Services
from tests.conftest import Sandbox
from tests.integration.desk import mirror, now, service_of

EXPORT = "/api/v2/incremental/tickets/cursor"
Command = Callable[..., Result]


def walked(sandbox: Sandbox, after: int) -> list[dict[str, str]]:
    return [one["query"] for one in sandbox.log("zendesk", after) if one["path"] == EXPORT and one["status"] == 200]


def mirrored(sessions: sessionmaker[Session]) -> dict[int, MirroredTicket]:
    with sessions() as session:
        return {row.ticket_id: row for row in session.scalars(select(MirroredTicket))}


def completeness(services: Services) -> float | None:
    return answer(services, "created", None, None, now()).completeness


def test_every_ticket_there_is_is_mirrored_with_its_service_and_its_minutes_and_progress_is_told(
    command: Command, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before = sandbox.last()
    said = command("insights", "backfill")
    assert said.exit_code == 0, said.output
    assert said.stdout.startswith("Mirrored what Zendesk's export holds")
    told = [int(line.split()[0].replace(",", "")) for line in said.stderr.splitlines()]
    assert len(told) == len(walked(sandbox, before)) > 1
    assert told == sorted(told)

    rows, truth = mirrored(sessions), {one["id"]: one for one in sandbox.truth(state="live")}
    assert set(rows) == set(truth)
    for number, true in truth.items():
        assert rows[number].service == (service_of(true) or "unclaimed")
        assert rows[number].first_reply == true["first_reply_minutes"]
        assert rows[number].full_resolution == true["full_resolution_minutes"]

    again = sandbox.last()
    assert command("insights", "backfill").exit_code == 0
    assert [set(query) & {"cursor", "start_time"} for query in walked(sandbox, again)] == [{"cursor"}]
    assert sandbox.log("publish", before) + sandbox.log("apply", before) == []


def test_a_walk_that_was_cut_short_keeps_its_pages_with_its_place_and_goes_on_there(
    command: Command, sandbox: Sandbox, sessions: sessionmaker[Session], services: Services
) -> None:
    reading = services.zendesk(bulk=True).reading
    walk = backfill(services.sessions, reading, services.policies, registered, now)
    first = next(walk)
    walk.close()  # as a process that ends here
    assert 0 < len(mirrored(sessions)) <= len(first.tickets)
    with sessions() as session:
        place = session.get(ExportWalk, "tickets")
    assert place is not None
    assert (place.ended_at, completeness(services)) == (None, None)

    sandbox.fail("GET", EXPORT, 400)
    assert command("insights", "backfill").exit_code == 1
    assert completeness(services) is None

    before = sandbox.last()
    sandbox.fail("GET", EXPORT, 429, retry_after=1)
    said = command("insights", "backfill")
    assert said.exit_code == 0
    assert "waiting 1 s" in said.stderr
    assert walked(sandbox, before)[0]["cursor"] == place.cursor
    assert set(mirrored(sessions)) == {one["id"] for one in sandbox.truth(state="live")}
    assert completeness(services) == 1.0


def test_again_starts_at_the_first_ticket_and_what_was_deleted_in_zendesk_is_gone_but_keeps_its_numbers(
    command: Command, sandbox: Sandbox, sessions: sessionmaker[Session], services: Services
) -> None:
    mirror(services, [1011, 1043])
    with sessions.begin() as session:
        session.add(ExportWalk(name="tickets", cursor="where the last walk stopped", ended_at=now()))
    services.deleting_zendesk().deleting.soft_delete([1011, 1043])
    sandbox.control("POST", "clock", {"advance_seconds": 120})
    before = sandbox.last()
    assert command("insights", "backfill", "--again").exit_code == 0
    assert "start_time" in walked(sandbox, before)[0]
    rows = mirrored(sessions)
    assert (rows[1011].status, rows[1043].status) == ("deleted", "deleted")
    assert rows[1011].gone_at is not None
    assert rows[1043].solved_at is not None
    assert rows[1043].full_resolution is not None
