"""`flask retention …`"""

from datetime import UTC, datetime
from typing import Any

import click
from flask.cli import AppGroup

from support_bridge.insights.backfill import walked_at
from support_bridge.insights.desk import directory
from support_bridge.insights.mirror import claim_again
from support_bridge.retention.approve import approve, resume, stop
from support_bridge.retention.delete import may_delete
from support_bridge.retention.plan import plan
from support_bridge.retention.report import report, tickets
from support_bridge.retention.tables import RetentionRun
from support_bridge.retention.values import COUNTED, Outcome
from support_bridge.services import RETENTION
from support_bridge.web.commands import answers_plainly, as_json, print_json, print_table
from support_bridge.web.current import current_services

retention = AppGroup("retention", help="What is due for deletion: plan, approve, report.")

HEADS = ("policy", "due", "held", "too young", "overdue, still open")


@retention.command("plan")
@as_json
@answers_plainly
def plan_run(as_json: bool) -> None:
    """List what is due under the policy file. Nothing is deleted before the run is approved."""
    services, now = current_services(), datetime.now(UTC)
    with services.sessions.begin() as session:
        names = directory(session, services.zendesk(bulk=False).reading.directory, now)
        claim_again(session, services.policies, names)
        run = plan(session, services.policies, now)
        is_whole = walked_at(session) is not None
    if as_json:
        print_json({"run": run.id, **run.counts})
        return
    _print_plan(run)
    if not is_whole:
        click.echo("The mirror was never filled to its end, so this may miss tickets: flask insights backfill")
    if not may_delete(services.settings):
        click.echo("Nothing would be deleted here yet: RETENTION_MODE and RETENTION_ACCOUNT are not both set for it.")


@retention.command("approve")
@click.argument("run")
@click.option("--count", type=int, required=True, help="How many tickets, as the plan says.")
@click.option("--as", "subject", required=True, help="Who approves it.")
@answers_plainly
def approve_run(run: str, count: int, subject: str) -> None:
    """Approve a run by typing its count. What it deletes cannot be restored."""
    services = current_services()
    with services.sessions.begin() as session:
        approve(session, run, count, subject, datetime.now(UTC))
    services.wake(RETENTION)
    click.echo(f"Run {run} is approved: {count} tickets. Follow it with: flask retention report {run}")
    if not may_delete(services.settings):
        click.echo(
            "It waits: nothing is deleted until RETENTION_MODE is enforce and RETENTION_ACCOUNT is this account."
        )


@retention.command("stop")
@click.argument("run")
@click.option("--reason", required=True, help="Why.")
@answers_plainly
def stop_run(run: str, reason: str) -> None:
    """Let no further batch of a run begin."""
    with current_services().sessions.begin() as session:
        stop(session, run, reason)
    click.echo(f"Run {run} is stopped. Go on with: flask retention resume {run}")


@retention.command("resume")
@click.argument("run")
@answers_plainly
def resume_run(run: str) -> None:
    """Let a stopped run go on where it was."""
    services = current_services()
    with services.sessions.begin() as session:
        resume(session, run)
    services.wake(RETENTION)
    click.echo(f"Run {run} goes on.")


@retention.command("report")
@click.argument("run")
@click.option("--tickets", "outcome", type=click.Choice([one.value for one in Outcome]), help="List these, by number.")
@as_json
@answers_plainly
def report_run(run: str, outcome: str | None, as_json: bool) -> None:
    """Show where a run's tickets are; with --tickets, which they are."""
    with current_services().sessions() as session:
        said = report(session, run)
        stopped = session.get_one(RetentionRun, run).stopped_because
        listed = tickets(session, run, Outcome(outcome)) if outcome else None
    if listed is not None:
        _print_tickets(listed, as_json)
        return
    if as_json:
        print_json(vars(said))
        return
    click.echo(f"Run {said.run} is {said.state}" + (f": {stopped}" if stopped else "") + ".")
    parts = f"{said.confirmed:,} confirmed + {said.waiting:,} waiting + {said.held:,} held"
    click.echo(f"{said.planned:,} planned = {parts} + {said.failed:,} failed + {said.skipped:,} skipped")
    for reason, n in said.reasons.items():
        click.echo(f"  {reason}: {n:,}")


def _print_tickets(listed: list[tuple[int, str, str | None]], as_json: bool) -> None:
    if as_json:
        print_json([{"ticket": ticket, "stage": stage, "reason": reason} for ticket, stage, reason in listed])
        return
    print_table(("ticket", "stage", "reason"), [(ticket, stage, reason or "") for ticket, stage, reason in listed])


def _print_plan(run: RetentionRun) -> None:
    words: dict[str, Any] = run.counts
    print_table(HEADS, [(row["policy"], *(f"{row[what]:,}" for what in COUNTED)) for row in words["policies"]])
    counts = words["counts"]
    click.echo(
        f"Left alone: {counts['unclaimed']:,} that no policy claims, {counts['claimed_twice']:,} that two claim, "
        f"{counts['deleted_elsewhere']:,} that were deleted in Zendesk by others, {counts['in_progress']:,} in a run "
        "that is not done."
    )
    if run.planned:
        click.echo(f"To delete these {run.planned:,} tickets:")
        click.echo(f"  flask retention approve {run.id} --count {run.planned} --as SUBJECT")
    else:
        click.echo(f"Run {run.id}: nothing is due.")
