"""Deletion: what the notices promise, on time, to the end, and nothing else."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sandbox.demo.counting import METRICS, ask, service_of
from sandbox.demo.scene import Scene

YEARS = 3
AT_LEAST = 300
SECONDS = 240
HELD = 1
SOFT, PERMANENT = "/api/v2/tickets/destroy_many", "/api/v2/deleted_tickets/destroy_many"


def play(scene: Scene) -> None:
    """Plan, refuse a wrong count, approve the right one, delete, and hold every figure against the sandbox."""
    report, now = scene.report, datetime.now(UTC)
    report.title("Deletion: when the privacy notice says")
    due, before, headers = _due(scene, now), scene.last(), scene.token("insights")
    held = min(due)
    due.remove(held)
    review = f"{now.year + 1}-01-01"
    scene.flask("holds", "place", str(held), "--reason", "a court case", "--review-on", review, "--as", "demo")
    plan = scene.flask_json("retention", "plan")
    run, planned = plan["run"], plan["counts"]["due"]
    _say_plan(scene, plan)
    report.check(f"at least {AT_LEAST} tickets are due", planned >= AT_LEAST, True)
    report.check("due is what the sandbox counts for itself", planned, len(due))
    report.check("the ticket with a hold is held", plan["counts"]["held"], HELD)
    numbers = {metric: ask(scene, headers, metric, now)["cells"] for metric in METRICS}
    scene.flask("retention", "approve", run, "--count", str(planned - 1), "--as", "demo", code=2)
    report.check("approving another count is refused, and nothing begins", _deletions(scene, before, SOFT), Counter())
    scene.flask("retention", "approve", run, "--count", str(planned), "--as", "demo")
    scene.wait("the run is not done", f"SELECT state FROM retention_run WHERE id = '{run}'", "done", SECONDS)  # noqa: S608
    _check_report(scene, run, planned)
    _check_zendesk(scene, due, before)
    after = {metric: ask(scene, headers, metric, now)["cells"] for metric in METRICS}
    report.check("not one published number changed", after, numbers)
    report.check(
        "each is in the register, and its mirror row is gone",
        (scene.value("SELECT count(*) FROM register_entry"), scene.value(STILL_MIRRORED)),
        (planned, 0),
    )


STILL_MIRRORED = "SELECT count(*) FROM mirrored_ticket JOIN register_entry USING (ticket_id)"


def _due(scene: Scene, now: datetime) -> list[int]:
    """The sandbox's own count: closed, three calendar years old, of a brand and channel that a notice speaks of."""
    # 29 February has no day three years before: the last of that February is meant.
    day = min(now.day, 28) if now.month == 2 else now.day
    limit = now.replace(year=now.year - YEARS, day=day).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [
        one
        for one, ticket in scene.truth().items()
        if service_of(ticket) in ("manage-chat", "apply-support")
        and ticket["status"] == "closed"
        and ticket["created_at"] <= limit
    ]


def _say_plan(scene: Scene, plan: dict[str, Any]) -> None:
    counts = plan["counts"]
    scene.report.say(
        f"run {plan['run']}: {counts['due']:,} due, {counts['held']} held, {counts['too_young']:,} too young, "
        f"{counts['overdue_open']} overdue because still open, {counts['unclaimed']:,} that no policy claims"
    )


def _check_report(scene: Scene, run: str, planned: int) -> None:
    said = scene.flask_json("retention", "report", run)
    parts = [said[part] for part in ("confirmed", "waiting", "held", "failed", "skipped")]
    scene.report.check("planned = confirmed + waiting + held + failed + skipped", sum(parts), said["planned"])
    scene.report.check(f"and all {planned:,} are confirmed", said["confirmed"], planned)


def _check_zendesk(scene: Scene, due: list[int], before: int) -> None:
    report, truth = scene.report, scene.truth()
    states = Counter(truth[one]["state"] for one in due)
    report.check("in Zendesk each is scrubbed", states, Counter({"scrubbed": len(due)}))
    others = {ticket["state"] for one, ticket in truth.items() if one not in set(due)}
    report.check("and no other ticket was touched", others, {"live"})
    once = Counter(dict.fromkeys(due, 1))
    report.check("each was deleted once, and made permanent once", *_both(scene, before, once))
    chats = [ticket for one, ticket in truth.items() if one in set(due) and ticket["chat_id"]]
    left = sum(1 for ticket in chats if ticket["chat_exists"])
    report.check(f"the {len(chats):,} chats behind them are gone from Zendesk Chat", left, 0)


def _both(scene: Scene, before: int, once: Counter[int]) -> tuple[object, object]:
    return (_deletions(scene, before, SOFT), _deletions(scene, before, PERMANENT)), (once, once)


def _deletions(scene: Scene, before: int, path: str) -> Counter[int]:
    entries = scene.log(api="zendesk", after=before)
    ids = [entry["ticket_ids"] for entry in entries if entry["method"] == "DELETE" and entry["path"] == path]
    return Counter(one for several in ids for one in several)
