"""Read again, keep what would be lost, ask for the soft deletion."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from support_bridge.holds.holding import HOLDS, held
from support_bridge.insights.desk import directory, facts
from support_bridge.insights.mirror import gone, on_tickets
from support_bridge.policies.rules import claimed_by
from support_bridge.retention.batches import change, is_active, put_back, settle
from support_bridge.retention.register import registered
from support_bridge.retention.rules import not_now
from support_bridge.retention.stages.parts import ATTEMPTS, Parts
from support_bridge.retention.tables import RetentionItem
from support_bridge.retention.values import Batch, Outcome, Stage
from support_bridge.store.locks import share
from support_bridge.zendesk.errors import Missing
from support_bridge.zendesk.values import Directory, Ticket

CHATS = ("chat", "native_messaging")


def advance(batch: Batch, parts: Parts) -> None:
    """Soft-delete those that are still due, unheld, closed, claimed and unchanged; the others are skipped or held."""
    read_at = parts.clock()
    tickets = parts.zendesk.reading.tickets_now(batch.tickets)
    with parts.sessions.begin() as session:
        names = directory(session, parts.zendesk.reading.directory, parts.clock())
    going = _still_due(batch, parts, tickets, names, read_at)
    if _keep_chat_ids(batch, parts, [tickets[one] for one in going]):
        # That took a while: the tickets are read once more, so that none is deleted on an old reading.
        with parts.sessions.begin() as session:
            put_back(session, batch, parts.clock())
        return
    going = _mark(batch, parts, going)
    if not going:
        return
    job = parts.zendesk.deleting.soft_delete(going)
    with parts.sessions.begin() as session:
        change(session, batch, going, job_id=job)
        put_back(session, batch, parts.poll)


def _still_due(
    batch: Batch, parts: Parts, tickets: dict[int, Ticket], names: Directory, read_at: datetime
) -> list[int]:
    """Those that may go. What was read is mirrored, for all: a ticket that is skipped is planned by what it is now,
    and one that goes leaves its last numbers."""
    going: list[int] = []
    with parts.sessions.begin() as session:
        for item in _items(session, batch):
            reason = _why_not(item, parts, tickets.get(item.ticket_id), names)
            if reason:
                settle(session, batch, [item.ticket_id], Outcome.SKIPPED, reason)
            elif item.attempts >= ATTEMPTS:
                settle(session, batch, [item.ticket_id], Outcome.FAILED, "Zendesk does not delete it")
            else:
                going.append(item.ticket_id)
        on_tickets(session, tickets.values(), parts.policies, names, registered, read_at=read_at)
        gone(session, set(batch.tickets) - set(tickets), read_at)
    return going


def _why_not(item: RetentionItem, parts: Parts, ticket: Ticket | None, names: Directory) -> str:
    if ticket is None:
        return "it was deleted in Zendesk before its turn came"
    claims = claimed_by(parts.policies.policies, facts(ticket, names))
    policies = {policy.name: policy for policy in parts.policies.policies}
    if item.policy not in policies:
        return "its policy is no more"
    return not_now(policies[item.policy], claims, ticket, item.planned_updated_at, parts.clock())


def _keep_chat_ids(batch: Batch, parts: Parts, tickets: list[Ticket]) -> bool:
    """Only a ticket's audits name its chats, and they go with it. Kept one by one: a batch may be cut short. Whether
    any were read."""
    with parts.sessions() as session:
        unread = {
            item.ticket_id for item in _items(session, batch) if item.chat_ids is None and _with_chat(item, parts)
        }
    wanted = [ticket.id for ticket in tickets if ticket.id in unread and ticket.channel in CHATS]
    for ticket in wanted:
        try:
            chats = parts.zendesk.reading.chat_ids(ticket)
        except Missing:
            continue  # it went since it was read; it is read once more below, and then skipped
        with parts.sessions.begin() as session:
            change(session, batch, [ticket], chat_ids=list(chats))
    return bool(wanted)


def _mark(batch: Batch, parts: Parts, going: list[int]) -> list[int]:
    """The last look before the deed: the run not stopped, and no hold. A crash after this is settled by reading, never
    by deleting again unseen."""
    with parts.sessions.begin() as session:
        if not is_active(session, batch.run):
            put_back(session, batch, parts.clock())
            return []
        share(session, HOLDS)
        left_alone = held(session, going)
        settle(session, batch, sorted(left_alone), Outcome.HELD, "a hold was placed")
        rest = [one for one in going if one not in left_alone]
        change(session, batch, rest, stage=Stage.SOFT_DELETING, asked_at=parts.clock())
    return rest


def _with_chat(item: RetentionItem, parts: Parts) -> bool:
    return "chat" in parts.policies.named(item.policy).with_ticket


def _items(session: Session, batch: Batch) -> list[RetentionItem]:
    query = select(RetentionItem).where(RetentionItem.run_id == batch.run, RetentionItem.lease == batch.lease)
    return list(session.scalars(query))
