"""What is due, and who lets it go."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result

from support_bridge.errors import Conflict, Refused
from support_bridge.holds.holding import place, release
from support_bridge.insights.desk import directory
from support_bridge.insights.mirror import claim_again
from support_bridge.policies.read import read
from support_bridge.retention.approve import approve, resume, stop
from support_bridge.retention.plan import plan
from support_bridge.retention.report import report
from support_bridge.retention.tables import RetentionItem, RetentionRun
from support_bridge.services import Services
from tests.conftest import Sandbox
from tests.integration.desk import due, mirror, now, service_of, three_years_old

POLICY = Path("support_bridge/policies/becomingateacher.toml")


def planned(services: Services) -> RetentionRun:
    with services.sessions.begin() as session:
        return plan(session, services.policies, now())


def items(services: Services, run: str) -> list[int]:
    with services.sessions() as session:
        return sorted(item.ticket_id for item in session.query(RetentionItem).filter_by(run_id=run))


def test_exactly_what_the_notices_promise_is_due(services: Services, sandbox: Sandbox) -> None:
    truth = sandbox.truth()
    mirror(services, [ticket["id"] for ticket in truth])
    run = planned(services)
    assert items(services, run.id) == due(truth)
    claimed = [ticket for ticket in truth if service_of(ticket)]
    overdue = [
        t
        for t in claimed
        if t["status"] != "closed" and three_years_old(t) and t["brand"] != "Manage school placements"
    ]
    counts = run.counts["counts"]
    assert counts["overdue_open"] == len(overdue) > 0
    assert counts["unclaimed"] == len(truth) - len(claimed) > 0
    assert counts["due"] + counts["too_young"] + counts["overdue_open"] == len(claimed)
    assert sum(policy["due"] for policy in run.counts["policies"]) == counts["due"]


def test_a_ticket_with_a_hold_is_not_planned_until_it_is_released(services: Services, sandbox: Sandbox) -> None:
    some = due(sandbox.truth())[:3]
    mirror(services, some)
    with services.sessions.begin() as session:
        hold = place(session, some[0], "a court case", "owner", date(2099, 1, 1), now())
    run = planned(services)
    assert items(services, run.id) == some[1:]
    assert run.counts["counts"]["held"] == 1
    with services.sessions.begin() as session:
        release(session, hold.id, now())
    assert items(services, planned(services).id) == some


def test_a_ticket_deleted_by_somebody_else_is_reported_and_not_planned(services: Services, sandbox: Sandbox) -> None:
    from support_bridge.insights.mirror import gone

    some = due(sandbox.truth())[:3]
    mirror(services, some)
    with services.sessions.begin() as session:
        gone(session, some[:1], now())
    run = planned(services)
    assert items(services, run.id) == some[1:]
    assert run.counts["counts"]["deleted_elsewhere"] == 1


def test_a_run_that_nobody_approved_gives_way_to_the_next(services: Services, sandbox: Sandbox) -> None:
    mirror(services, due(sandbox.truth())[:2])
    first, second = planned(services), planned(services)
    with services.sessions() as session:
        said = report(session, first.id)
        assert (said.state, said.planned, said.waiting) == ("done", 0, 0)
        assert session.get_one(RetentionRun, first.id).stopped_because == f"it was planned again as {second.id}"
        assert report(session, second.id).waiting == 2


def test_a_ticket_in_an_approved_run_is_not_planned_a_second_time(services: Services, sandbox: Sandbox) -> None:
    some = due(sandbox.truth())[:4]
    mirror(services, some[:2])
    first = planned(services)
    with services.sessions.begin() as session:
        approve(session, first.id, 2, "somebody", now())
    mirror(services, some)
    second = planned(services)
    assert items(services, second.id) == some[2:]
    assert second.counts["counts"]["in_progress"] == 2


def test_only_the_plans_own_count_approves_it_and_only_once(services: Services, sandbox: Sandbox) -> None:
    mirror(services, due(sandbox.truth())[:2])
    run = planned(services)
    for count in (0, 1, 3):
        with services.sessions.begin() as session, pytest.raises(Refused, match="look at the plan again"):
            approve(session, run.id, count, "somebody", now())
    with services.sessions.begin() as session:
        approve(session, run.id, 2, "somebody", now())
    with services.sessions.begin() as session, pytest.raises(Conflict):
        approve(session, run.id, 2, "somebody", now())
    with services.sessions() as session:
        kept = session.get_one(RetentionRun, run.id)
        assert (kept.approved_by, kept.state) == ("somebody", "approved")


def test_only_a_run_that_goes_on_can_be_stopped_and_only_a_stopped_one_resumed(
    services: Services, sandbox: Sandbox
) -> None:
    mirror(services, due(sandbox.truth())[:1])
    run = planned(services)
    with services.sessions.begin() as session, pytest.raises(Conflict):
        stop(session, run.id, "not yet")
    with services.sessions.begin() as session:
        approve(session, run.id, 1, "somebody", now())
        stop(session, run.id, "wait")
    with services.sessions.begin() as session:
        resume(session, run.id)
    with services.sessions.begin() as session, pytest.raises(Conflict):
        resume(session, run.id)


def test_a_changed_policy_file_claims_anew_what_was_mirrored(
    services: Services, sandbox: Sandbox, tmp_path: Path
) -> None:
    some = [ticket["id"] for ticket in sandbox.truth() if ticket["brand"] == "Publish" and three_years_old(ticket)][:3]
    mirror(services, some)
    assert planned(services).counts["counts"]["unclaimed"] == 3
    text = POLICY.read_text().replace('{ brand = "Apply for teacher training" }', '{ brand = "Publish" }')
    (tmp_path / "new.toml").write_text(text)
    changed = read(tmp_path / "new.toml")
    with services.sessions.begin() as session:
        assert claim_again(session, changed, directory(session, lambda: pytest.fail("known already"), now())) == 3
        counts = plan(session, changed, now()).counts["counts"]
    assert counts["unclaimed"] == 0
    assert counts["due"] + counts["overdue_open"] == 3


def test_the_commands_say_it_to_people_and_to_programs(
    services: Services, sandbox: Sandbox, command: Callable[..., Result]
) -> None:
    mirror(services, due(sandbox.truth())[:2])
    shown = command("retention", "plan")
    assert shown.exit_code == 0
    assert "--count 2 --as SUBJECT" in shown.output
    assert "never filled" in shown.output  # only two tickets were mirrored, by hand
    run = shown.output.split("approve ")[1].split()[0]
    refused = command("retention", "approve", run, "--count", "1", "--as", "me")
    assert refused.exit_code == 2
    assert len(refused.output.splitlines()) == 1
    assert command("retention", "approve", run, "--count", "2", "--as", "me").exit_code == 0
    assert "2 planned = 0 confirmed + 2 waiting" in command("retention", "report", run).output
    assert command("retention", "stop", run, "--reason", "lunch").exit_code == 0
    assert "is stopped: lunch" in command("retention", "report", run).output
    assert command("retention", "resume", run).exit_code == 0
    assert command("retention", "report", "nothing").exit_code == 2


def test_holds_are_placed_listed_and_released_at_the_console(
    services: Services, command: Callable[..., Result]
) -> None:
    words = ("holds", "place", "7", "--reason", "a request", "--as", "me", "--review-on")
    assert command(*words, "2001-01-01").exit_code == 2
    assert command(*words, "2099-01-01").exit_code == 0
    assert "a request" in command("holds", "list").output
    assert command("holds", "release", "1").exit_code == 0
    assert command("holds", "release", "1").exit_code == 2
    assert command("holds", "release", "99").exit_code == 2
    assert "a request" not in command("holds", "list").output
