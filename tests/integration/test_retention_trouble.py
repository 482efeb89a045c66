"""What goes wrong half way: nothing is given up, nothing is certified that was not seen."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from support_bridge.errors import NeedsAPerson, Refused
from support_bridge.holds.holding import place
from support_bridge.retention import batches
from support_bridge.retention.approve import approve, resume
from support_bridge.retention.delete import STAGES, work
from support_bridge.retention.plan import plan
from support_bridge.retention.register import forget
from support_bridge.retention.report import deletion_of
from support_bridge.retention.report import tickets as listed
from support_bridge.retention.stages.parts import ATTEMPTS, Parts
from support_bridge.retention.tables import RegisterEntry, RetentionItem, RetentionRun
from support_bridge.retention.values import Outcome, Stage
from support_bridge.services import Services
from tests.conftest import Sandbox
from tests.integration.deleting import Approve, delete, deletions, item, leased, said, states
from tests.integration.desk import due, now

CHAT = "/api/v2/chat"
EXPORT = "/api/v2/incremental/tickets"


def work_a_little(services: Services, parts: Parts, seconds: float = 3) -> None:
    work(services.settings, parts, until=now() + timedelta(seconds=seconds))


def chatted(sandbox: Sandbox, count: int) -> list[int]:
    truth = {ticket["id"]: ticket for ticket in sandbox.truth()}
    return [one for one in due(truth.values()) if truth[one]["chat_id"]][:count]


def test_a_chat_is_not_gone_because_zendesk_chat_does_not_answer(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = chatted(sandbox, 2)
    run = approved(some)
    sandbox.fail("", CHAT, 404, times=50)
    delete(services, parts, run, seconds=5)
    found = said(services, run)
    assert (found.state, found.confirmed, found.waiting) == ("stopped", 0, 2)
    assert item(services, some[0]).chats_gone_at is None
    sandbox.control("DELETE", "faults")
    with services.sessions.begin() as session:
        assert "Chat does not answer" in str(session.get_one(RetentionRun, run).stopped_because)
        resume(session, run)
    assert delete(services, parts, run).confirmed == 2
    assert {ticket["chat_exists"] for ticket in sandbox.truth() if ticket["id"] in some} == {False}


@pytest.mark.parametrize("code", ["RecordNotFound", "Not Found"])
def test_a_chat_is_not_gone_because_no_token_can_be_had(
    code: str, services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    assert services.deleting is not None
    without = replace(services, settings=replace(services.settings, zendesk_chat_token=""))  # as the deleting client
    some = chatted(sandbox, 1)
    run = approved(some)
    sandbox.fail("", f"{CHAT}/chats", 401, times=50)
    sandbox.fail("POST", "/oauth/tokens", 404, times=50, after=1, shape="error", code=code)
    delete(services, replace(parts, zendesk=without.deleting_zendesk()), run, seconds=6)
    sandbox.control("DELETE", "faults")
    assert (said(services, run).state, said(services, run).confirmed) == ("stopped", 0)
    assert {ticket["chat_exists"] for ticket in sandbox.truth() if ticket["id"] in some} == {True}


def test_credentials_that_may_not_delete_a_chat_stop_the_run(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    run = approved(chatted(sandbox, 1))
    sandbox.fail("DELETE", f"{CHAT}/chats", 403)
    delete(services, parts, run, seconds=6)
    assert said(services, run).state == "stopped"
    with services.sessions() as session:
        because = str(session.get_one(RetentionRun, run).stopped_because)
    assert "DELETE /api/v2/chat/chats/{}" in because  # a chat's id holds its visitor's


def test_a_permanent_deletion_that_always_fails_is_not_asked_for_for_ever(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    (one,) = due(sandbox.truth())[:1]
    run = approved([one])
    sandbox.control("POST", "jobs", {"next": "fail", "kind": "delete_permanently", "times": 50})
    before = sandbox.last()
    delete(services, parts, run, seconds=15)
    sandbox.control("DELETE", "jobs")
    asked = [entry for entry in sandbox.log("zendesk", before) if "/deleted_tickets/" in entry["path"]]
    assert len(asked) == ATTEMPTS
    assert said(services, run).failed == 1
    assert "permanently" in str(item(services, one).reason)


def test_a_chat_that_is_still_there_after_its_deletion_needs_a_person(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    run = approved(chatted(sandbox, 1))
    sandbox.fail("DELETE", CHAT, 204)
    delete(services, parts, run, seconds=6)
    sandbox.control("DELETE", "faults")
    assert (said(services, run).state, said(services, run).waiting) == ("stopped", 1)
    with services.sessions.begin() as session:
        assert "still has a chat" in str(session.get_one(RetentionRun, run).stopped_because)
        resume(session, run)
    assert delete(services, parts, run).confirmed == 1


def test_an_answer_that_nobody_understands_stops_the_run_and_gives_no_ticket_up(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:2]
    run = approved(some)
    sandbox.fail("GET", EXPORT, 400)
    delete(services, parts, run, seconds=5)
    assert (said(services, run).state, said(services, run).failed) == ("stopped", 0)
    with services.sessions.begin() as session:
        resume(session, run)
    assert delete(services, parts, run).confirmed == 2
    assert [deletions(sandbox)[one] for one in some] == [1, 1]


def test_an_error_that_nobody_thought_of_stops_the_run_and_says_only_its_kind(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    (one,) = due(sandbox.truth())[:1]
    run = approved([one])
    entry = RegisterEntry(ticket_id=one, run_id=run, policy="p", notice="n", due_at=now(), confirmed_at=now())
    with services.sessions.begin() as session:
        session.add(entry)
        session.execute(update(RetentionItem).values(stage=Stage.CHATS_GONE))
    work_a_little(services, parts)
    assert (said(services, run).state, said(services, run).waiting) == ("stopped", 1)
    with services.sessions() as session:
        assert session.get_one(RetentionRun, run).stopped_because == "an unexpected IntegrityError"


def test_the_export_is_looked_through_page_by_page_and_goes_on_where_it_was_cut_short(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:2]
    run = approved(some)
    with services.sessions.begin() as session:
        session.execute(update(RetentionItem).values(stage=Stage.ABSENT, soft_deleted_at=now() - timedelta(days=3000)))
    before = sandbox.last()
    work_a_little(services, parts, seconds=1)
    with services.sessions() as session:
        place_in_export = session.get_one(RetentionRun, run).export_cursor
    assert place_in_export
    first = [entry["query"] for entry in sandbox.log("zendesk", before) if entry["path"].startswith(EXPORT)]
    assert "start_time" in first[0]
    assert all("cursor" in query for query in first[1:])
    before = sandbox.last()
    with services.sessions.begin() as session:
        session.execute(update(RetentionItem).values(not_before=None))
    work_a_little(services, parts, seconds=1)
    again = [entry["query"] for entry in sandbox.log("zendesk", before) if entry["path"].startswith(EXPORT)]
    assert again[0]["cursor"] == place_in_export


def test_a_ticket_seen_scrubbed_in_anothers_walk_counts_when_its_turn_comes(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    early, late = due(sandbox.truth())[:2]
    run = approved([early, late])
    with services.sessions.begin() as session:
        session.execute(update(RetentionItem).values(not_before=None))
    until_absent(services, parts, run)
    with services.sessions.begin() as session:
        session.execute(update(RetentionItem).where(RetentionItem.ticket_id == late).values(stage=Stage.PERMANENT))
    assert delete(services, parts, run).confirmed == 2


def until_absent(services: Services, parts: Parts, run: str) -> None:
    with services.sessions() as session:
        for _ in range(200):
            session.expire_all()
            stages = {one.stage for one in session.query(RetentionItem).filter_by(run_id=run)}
            if stages == {Stage.ABSENT}:
                return
            with services.sessions.begin() as other:
                batch = batches.lease(other, now(), timedelta(minutes=1))
            if batch is not None and batch.stage != Stage.ABSENT:
                STAGES[batch.stage](batch, parts)
            elif batch is not None:
                with services.sessions.begin() as other:
                    batches.put_back(other, batch, now())


def test_a_ticket_that_was_skipped_is_planned_by_what_it_is_now(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    touched = due(sandbox.truth())[0]
    run = approved([touched])
    sandbox.control("PATCH", f"tickets/{touched}", {"tags": ["touched"]})  # and no webhook tells of it
    assert delete(services, parts, run).skipped == 1
    with services.sessions.begin() as session:
        again = plan(session, services.policies, now())
        approve(session, again.id, 1, "somebody", now())
    assert delete(services, parts, again.id).confirmed == 1


def test_a_ticket_that_somebody_else_deleted_is_not_due_for_ever(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    vanished = due(sandbox.truth())[0]
    run = approved([vanished])
    parts.zendesk.deleting.soft_delete([vanished])
    while states(sandbox, [vanished]) == {"live"}:
        parts.zendesk.deleting.job("V3-never-was")
    assert delete(services, parts, run).reasons == {"skipped: it was deleted in Zendesk before its turn came": 1}
    with services.sessions.begin() as session:
        counts = plan(session, services.policies, now()).counts["counts"]
    assert (counts["due"], counts["deleted_elsewhere"]) == (0, 1)


def test_a_hold_between_the_soft_and_the_permanent_deletion_is_honoured(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    left_alone, other = due(sandbox.truth())[:2]
    run = approved([left_alone, other])
    STAGES[Stage.PLANNED](leased(services), parts)
    if item(services, left_alone).stage == Stage.PLANNED:  # its chats' ids were read first
        STAGES[Stage.PLANNED](leased(services), parts)
    with services.sessions.begin() as session:
        place(session, left_alone, "a request", "owner", date(2099, 1, 1), now())
        assert "soft_deleting" in deletion_of(session, left_alone)
    found = delete(services, parts, run)
    assert (found.confirmed, found.held) == (1, 1)
    assert deletions(sandbox, "/api/v2/deleted_tickets/destroy_many")[left_alone] == 0
    assert states(sandbox, [left_alone]) == {"soft_deleted"}


def test_a_hold_on_a_ticket_that_is_gone_for_good_is_refused(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    (gone_one,) = due(sandbox.truth())[:1]
    delete(services, parts, approved([gone_one]))
    with services.sessions() as session, pytest.raises(Refused, match="deleted for good"):
        deletion_of(session, gone_one)
    with services.sessions() as session:
        assert deletion_of(session, 1042) == ""


def test_chat_ids_are_read_before_the_reading_that_a_ticket_is_deleted_on(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    (one,) = chatted(sandbox, 1)
    run, before = approved([one]), sandbox.last()
    delete(services, parts, run)
    paths = [
        entry["path"]
        for entry in sandbox.log("zendesk", before)
        if entry["method"] == "GET" or "destroy" in entry["path"]
    ]
    deed = paths.index("/api/v2/tickets/destroy_many")
    assert paths[deed - 1] == "/api/v2/tickets/show_many"
    assert f"/api/v2/tickets/{one}/audits" in paths[: deed - 1]


def test_a_report_lists_its_tickets_by_outcome(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    touched = due(sandbox.truth())[0]
    run = approved([touched])
    sandbox.control("PATCH", f"tickets/{touched}", {"status": "open"})
    delete(services, parts, run)
    with services.sessions() as session:
        assert listed(session, run, Outcome.SKIPPED) == [(touched, "planned", "it is open again")]
        assert listed(session, run, Outcome.CONFIRMED) == []


def test_nothing_due_is_nothing_to_approve(services: Services) -> None:
    with services.sessions.begin() as session:
        run = plan(session, services.policies, now()).id
    with services.sessions.begin() as session, pytest.raises(Refused, match="Nothing is due"):
        approve(session, run, 0, "somebody", now())


def test_proof_is_kept_for_as_long_as_its_policy_says_and_no_longer(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:2]
    run = approved(some)
    assert delete(services, parts, run).confirmed == 2
    with services.sessions.begin() as session:
        assert forget(session, services.policies, now() + timedelta(days=7 * 365 - 2)) == 0
    with services.sessions.begin() as session:
        assert forget(session, services.policies, now() + timedelta(days=7 * 366)) == 2
        assert session.query(RegisterEntry).count() + session.query(RetentionItem).count() == 0
        assert session.query(RetentionRun).count() == 0


def test_zendesk_chat_that_answers_nobody_is_told_from_a_chat_that_is_gone(sandbox: Sandbox, parts: Parts) -> None:
    parts.zendesk.chats.answers()
    assert not parts.zendesk.chats.exists("never.was")
    sandbox.fail("GET", f"{CHAT}/incremental", 404)
    with pytest.raises(NeedsAPerson, match="does not answer"):
        parts.zendesk.chats.answers()


def test_a_run_left_open_by_a_deleter_that_died_at_the_end_is_closed(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    run = approved(due(sandbox.truth())[:1])
    with services.sessions.begin() as session:
        session.execute(update(RetentionItem).values(outcome=Outcome.CONFIRMED))
        session.execute(update(RetentionRun).values(state="running"))
        assert batches.anything_due(session, now())
    work_a_little(services, parts)
    assert said(services, run).state == "done"
    with services.sessions() as session:
        assert not batches.anything_due(session, now())
