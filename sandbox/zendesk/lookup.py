"""Finding what a request names."""

from datetime import datetime

from flask import g, request

from sandbox.account.tickets import LIVE, SOFT_DELETED, Ticket
from sandbox.control.world import world
from sandbox.zendesk import answers

MOST = 100


def live_ticket(number: int) -> Ticket:
    """A deleted ticket is not found, exactly like one that never was."""
    ticket = world().account.tickets.get(number)
    if ticket is None or ticket.state != LIVE:
        raise answers.not_found()
    return ticket


def deleted_ticket(number: int) -> Ticket:
    ticket = world().account.tickets.get(number)
    if ticket is None or ticket.state != SOFT_DELETED:
        raise answers.not_found()
    return ticket


def active_tickets() -> list[Ticket]:
    """What lists show: live and not archived, by id."""
    now: datetime = g.now
    return world().account.active(now)


def ids_asked_for() -> list[int]:
    ids = [part.strip() for part in request.args.get("ids", "").split(",") if part.strip()]
    if len(ids) > MOST:
        raise answers.too_many_values()
    return [int(part) for part in ids if part.isdigit()]


def included(name: str) -> bool:
    return name in request.args.get("include", "").split(",")
