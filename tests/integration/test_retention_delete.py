"""Deletion, stage by stage, against a sandbox whose log is the witness."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from support_bridge.errors import Refused
from support_bridge.holds.holding import place
from support_bridge.insights.consolidate import numbers
from support_bridge.insights.rules import METRICS
from support_bridge.insights.tables import MirroredTicket
from support_bridge.retention import batches
from support_bridge.retention.approve import resume, stop
from support_bridge.retention.delete import STAGES, work
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.tables import RegisterEntry, RetentionItem, RetentionRun
from support_bridge.retention.values import Outcome, Stage
from support_bridge.services import Services
from support_bridge.settings import DeletingSettings
from tests.conftest import Sandbox
from tests.integration.deleting import (
    LEASE,
    PERMANENT,
    SOFT,
    Approve,
    delete,
    deletions,
    forget_job,
    item,
    leased,
    said,
    states,
)
from tests.integration.desk import due, mirror, now


def test_each_due_ticket_goes_through_every_stage_once_and_its_numbers_stay(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:130]
    mirror(services, some)
    names = [policy.name for policy in services.policies.policies]
    with services.sessions() as session:
        before = {metric: numbers(session, metric, names) for metric in METRICS}
    run = approved(some)
    assert delete(services, parts, run).confirmed == len(some)
    assert states(sandbox, some) == {"scrubbed"}
    assert deletions(sandbox) == deletions(sandbox, PERMANENT) == Counter(some)
    with services.sessions() as session:
        assert {metric: numbers(session, metric, names) for metric in METRICS} == before
        assert session.query(MirroredTicket).count() == 0
        assert {entry.ticket_id for entry in session.query(RegisterEntry)} == set(some)
        for one in session.query(RetentionItem):
            times = [one.soft_deleted_at, one.permanent_at, one.absent_at, one.confirmed_at]
            assert None not in [*times, one.scrubbed_at]
            assert times == sorted(times, key=str)
        assert session.get_one(RetentionRun, run).state == "done"


def test_the_chat_behind_a_ticket_goes_with_it(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    truth = {ticket["id"]: ticket for ticket in sandbox.truth()}
    chatted = [one for one in due(truth.values()) if truth[one]["chat_id"]][:2]
    assert delete(services, parts, approved(chatted)).confirmed == 2
    assert [item(services, one).chat_ids for one in chatted] == [[truth[one]["chat_id"]] for one in chatted]
    after = {ticket["id"]: ticket for ticket in sandbox.truth()}
    assert [after[one]["chat_exists"] for one in chatted] == [False, False]


@pytest.mark.parametrize("keys", [{"retention_mode": "report"}, {"retention_account": "another"}])
def test_without_both_keys_nothing_is_deleted(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve, keys: dict[str, str]
) -> None:
    some = due(sandbox.truth())[:2]
    run, before = approved(some), deletions(sandbox)
    with pytest.raises(Refused, match="RETENTION_MODE"):
        work(replace(services.settings, **keys), parts, until=now() + timedelta(seconds=2))
    assert deletions(sandbox) == before
    assert said(services, run).waiting == 2


def test_only_the_deleter_can_make_a_client_that_deletes(services: Services) -> None:
    with pytest.raises(Refused):
        replace(services, deleting=None).deleting_zendesk()
    with pytest.raises(Refused):
        replace(services, deleting=DeletingSettings("", "")).deleting_zendesk()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "open"}, "it is open again"),
        ({"brand": "Publish"}, "no policy claims it any more"),
        ({"created_at": "2026-01-01T00:00:00Z"}, "it is not due any more"),
        ({"tags": ["touched"]}, "it changed after it was planned"),
    ],
)
def test_a_ticket_that_changed_since_the_plan_is_skipped_with_the_reason(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve, change: dict[str, Any], reason: str
) -> None:
    touched, other = due(sandbox.truth())[:2]
    run = approved([touched, other])
    sandbox.control("PATCH", f"tickets/{touched}", change)
    found = delete(services, parts, run)
    assert (found.confirmed, found.skipped) == (1, 1)
    assert found.reasons == {f"skipped: {reason}": 1}
    assert deletions(sandbox)[touched] == 0
    assert states(sandbox, [touched]) == {"live"}


def test_a_hold_placed_after_the_approval_is_honoured(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    left_alone, other = due(sandbox.truth())[:2]
    run = approved([left_alone, other])
    with services.sessions.begin() as session:
        place(session, left_alone, "a request", "owner", date(2099, 1, 1), now())
    found = delete(services, parts, run)
    assert (found.confirmed, found.held, found.planned) == (1, 1, 2)
    assert deletions(sandbox)[left_alone] == 0


def test_a_stopped_run_deletes_nothing_more_until_it_is_resumed(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:2]
    run = approved(some)
    with services.sessions.begin() as session:
        stop(session, run, "wait")
    assert work(services.settings, parts, until=now() + timedelta(seconds=2)) == 0
    assert deletions(sandbox)[some[0]] == 0
    with services.sessions.begin() as session:
        resume(session, run)
    assert delete(services, parts, run).confirmed == 2


def test_a_stop_between_the_lease_and_the_deed_is_heeded(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:2]
    run = approved(some)
    batch = leased(services)
    with services.sessions.begin() as session:
        stop(session, run, "wait")
    STAGES[Stage.PLANNED](batch, parts)
    assert deletions(sandbox)[some[0]] == 0


def test_credentials_that_may_not_delete_stop_the_run_and_lose_nothing(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:2]
    run = approved(some)
    reader = DeletingSettings("support-bridge", "sandbox-reader-secret")
    barred = replace(parts, zendesk=replace(services, deleting=reader).deleting_zendesk())
    work(services.settings, barred, until=now() + timedelta(seconds=2))
    found = said(services, run)
    assert (found.state, found.waiting) == ("stopped", 2)
    assert states(sandbox, some) == {"live"}
    with services.sessions.begin() as session:
        assert "see to the credentials" in str(session.get_one(RetentionRun, run).stopped_because)
        resume(session, run)
    assert delete(services, parts, run).confirmed == 2


def test_a_worker_that_dies_before_it_knows_the_job_is_settled_by_reading(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:3]
    run = approved(some)
    STAGES[Stage.PLANNED](leased(services), parts)
    forget_job(services, "")
    assert delete(services, parts, run).confirmed == 3
    assert deletions(sandbox) & Counter(some) == Counter(some)


def test_a_job_that_zendesk_has_forgotten_is_settled_by_reading(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:3]
    run = approved(some)
    STAGES[Stage.PLANNED](leased(services), parts)
    forget_job(services, "V3-never-was")
    assert delete(services, parts, run).confirmed == 3
    assert max(deletions(sandbox)[one] for one in some) == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (SOFT, 429),
        (PERMANENT, 500),
        ("/api/v2/job_statuses", 503),
        ("/api/v2/incremental", 429),
        ("/api/v2/tickets/show_many", 502),
    ],
)
def test_a_zendesk_that_cannot_answer_now_is_asked_again_later(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve, path: str, status: int
) -> None:
    some = due(sandbox.truth())[:2]
    run = approved(some)
    sandbox.fail("", path, status, retry_after=1)
    assert delete(services, parts, run, seconds=40).confirmed == 2
    sandbox.control("DELETE", "faults")
    assert states(sandbox, some) == {"scrubbed"}


def test_a_worker_whose_lease_was_taken_over_changes_nothing(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:2]
    run = approved(some)
    slow = leased(services)
    with services.sessions.begin() as session:
        quick = batches.lease(session, now() + LEASE * 2, LEASE)
    assert quick is not None
    assert quick.tickets == slow.tickets
    STAGES[Stage.PLANNED](slow, parts)
    assert deletions(sandbox)[some[0]] == 0
    STAGES[Stage.PLANNED](quick, parts)
    assert delete(services, parts, run).confirmed == 2
    assert deletions(sandbox)[some[0]] == 1


def test_a_ticket_that_is_still_there_after_its_deletion_needs_a_person(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:2]
    run = approved(some)
    with services.sessions.begin() as session:
        session.execute(update(RetentionItem).values(stage=Stage.PERMANENT, soft_deleted_at=now()))
    found = delete(services, parts, run)
    assert (found.failed, found.confirmed) == (2, 0)
    assert found.reasons == {"failed: it is still there after its deletion": 2}


def test_a_ticket_that_is_not_scrubbed_yet_is_not_certified(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:2]
    run = approved(some)
    with services.sessions.begin() as session:
        session.execute(update(RetentionItem).values(stage=Stage.ABSENT, soft_deleted_at=now()))
    work(services.settings, parts, until=now() + timedelta(seconds=1))
    assert (said(services, run).waiting, item(services, some[0]).scrubbed_at) == (2, None)
    with services.sessions() as session:
        assert session.query(RegisterEntry).count() == 0


def test_a_confirmation_that_fails_half_way_leaves_no_half(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:2]
    approved(some)
    with services.sessions.begin() as session:
        session.execute(update(RetentionItem).values(stage=Stage.CHATS_GONE))
    batch = leased(services)
    with services.sessions.begin() as session:
        session.execute(update(RetentionItem).where(RetentionItem.ticket_id == some[1]).values(lease=None))
    with pytest.raises(batches.LeaseLost):
        STAGES[Stage.CHATS_GONE](batch, parts)
    with services.sessions() as session:
        assert session.query(RegisterEntry).count() == 0
        assert session.query(MirroredTicket).count() == 2
        assert session.query(RetentionItem).filter_by(outcome=Outcome.CONFIRMED).count() == 0
