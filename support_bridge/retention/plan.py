"""What is due under the policies, from the mirror: a run that waits for approval."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from support_bridge.holds.holding import held
from support_bridge.insights.tables import MirroredTicket
from support_bridge.policies.rules import CLAIMED_TWICE, UNCLAIMED, due_at
from support_bridge.policies.values import Policy, PolicyFile
from support_bridge.retention.rules import clock_of, standing
from support_bridge.retention.tables import RetentionItem, RetentionRun
from support_bridge.retention.values import COUNTED, Counts, Outcome, Stage, State
from support_bridge.store.locks import alone

CHUNK = 1000
RUNS = "retention runs"


def plan(session: Session, policies: PolicyFile, now: datetime) -> RetentionRun:
    """Plan a run. A run that was planned before and never approved gives way to it; tickets of an approved run that
    is not done stay with that run."""
    alone(session, RUNS)
    run = RetentionRun(
        id=_next_id(session, now),
        state=State.PLANNED,
        policies_version=policies.version,
        planned_at=now,
        planned=0,
        counts={},
    )
    _give_way(session, run.id)
    session.add(run)
    session.flush()
    counts = Counts({policy.name: Counter() for policy in policies.policies})
    for policy in policies.policies:
        for chunk in _chunks(_rows(session, policy)):
            _plan_chunk(session, run, policy, chunk, counts, now)
    _count_others(session, counts)
    run.planned = counts.total("due")
    run.counts = as_words(counts)
    return run


def as_words(counts: Counts) -> dict[str, Any]:
    """The counts in the form that programs read."""
    policies = [
        {"policy": name, **{what: counter[what] for what in COUNTED}} for name, counter in counts.by_policy.items()
    ]
    return {"counts": {what: counts.total(what) for what in COUNTED} | dict(counts.others), "policies": policies}


def _plan_chunk(
    session: Session, run: RetentionRun, policy: Policy, rows: list[MirroredTicket], counts: Counts, now: datetime
) -> None:
    ids = [row.ticket_id for row in rows]
    left_alone, elsewhere = held(session, ids), _in_other_runs(session, ids)
    items: list[dict[str, Any]] = []
    for row in rows:
        clock = clock_of(policy, row.created_at, row.updated_at, row.solved_at)
        what = standing(policy, clock, row.status, now)
        if what == "due" and row.ticket_id in elsewhere:
            counts.others["in_progress"] += 1
            continue
        if what == "due" and row.ticket_id in left_alone:
            what = "held"
        counts.add(policy.name, what)
        if what == "due" and clock is not None:
            items.append(_item(run.id, row, policy, due_at(policy, clock)))
    if items:
        session.execute(insert(RetentionItem), items)


def _item(run: str, row: MirroredTicket, policy: Policy, due: datetime) -> dict[str, Any]:
    return {
        "run_id": run,
        "ticket_id": row.ticket_id,
        "policy": policy.name,
        "notice": f"{policy.notice.title}, {policy.notice.date:%d %B %Y}",
        "due_at": due,
        "planned_updated_at": row.updated_at,
        "stage": Stage.PLANNED,
        "outcome": Outcome.WAITING,
    }


def _rows(session: Session, policy: Policy) -> Iterator[MirroredTicket]:
    """The policy's tickets that Zendesk still has, a thousand at a time in memory."""
    query = select(MirroredTicket).where(MirroredTicket.service == policy.name, MirroredTicket.gone_at.is_(None))
    yield from session.scalars(query.order_by(MirroredTicket.ticket_id).execution_options(yield_per=CHUNK))


def _chunks(rows: Iterator[MirroredTicket]) -> Iterator[list[MirroredTicket]]:
    chunk: list[MirroredTicket] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _count_others(session: Session, counts: Counts) -> None:
    count = select(MirroredTicket.service, func.count()).where(MirroredTicket.gone_at.is_(None))
    by_service = {service: n for service, n in session.execute(count.group_by(MirroredTicket.service))}
    gone = session.scalar(select(func.count()).where(MirroredTicket.gone_at.is_not(None)))
    counts.others["unclaimed"] = by_service.get(UNCLAIMED, 0)
    counts.others["claimed_twice"] = by_service.get(CLAIMED_TWICE, 0)
    counts.others["deleted_elsewhere"] = gone or 0
    counts.others["in_progress"] += 0


def _in_other_runs(session: Session, ids: list[int]) -> set[int]:
    query = select(RetentionItem.ticket_id).where(
        RetentionItem.ticket_id.in_(ids), RetentionItem.outcome == Outcome.WAITING
    )
    return set(session.scalars(query))


def _give_way(session: Session, to: str) -> None:
    """Nothing happened to the older run's items, so nothing of them is proof: they are not kept."""
    older = select(RetentionRun.id).where(RetentionRun.state == State.PLANNED)
    session.execute(delete(RetentionItem).where(RetentionItem.run_id.in_(older)))
    done = {"state": State.DONE, "planned": 0, "stopped_because": f"it was planned again as {to}"}
    session.execute(update(RetentionRun).where(RetentionRun.state == State.PLANNED).values(**done))


def _next_id(session: Session, now: datetime) -> str:
    day = f"{now:%Y-%m-%d}"
    today = session.scalar(select(func.count()).where(RetentionRun.id.startswith(day)))
    return f"{day}-{(today or 0) + 1:02}"
