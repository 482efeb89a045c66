"""A deletion schedule at work, once a day: what it takes is gone for good, for archived tickets cannot come back."""

from datetime import datetime

from sandbox.account.agenda import SWEEP
from sandbox.account.deletion import Departure, delete_permanently, soft_delete
from sandbox.account.people import SYSTEM
from sandbox.account.ripening import Ripening
from sandbox.account.schedules import STARTS_WITHIN, SWEPT_EVERY, TICKETS, Schedule
from sandbox.account.state import Account


def plan(account: Account, schedule: Schedule, at: datetime) -> None:
    """Put its first day on the agenda. Schedules for other objects are kept and do nothing here."""
    if schedule.active and schedule.object == TICKETS:
        account.ripening[schedule.id] = Ripening(schedule, account.tickets)
        account.agenda.add(at + STARTS_WITHIN, SWEEP, schedule.id)


def sweep(account: Account, schedule_id: int, at: datetime) -> list[Departure]:
    """Unless it was switched off or deleted meanwhile. That both steps of a deletion are told of is not confirmed."""
    schedule = account.schedules.get(schedule_id)
    if schedule is None or not schedule.active:
        account.ripening.pop(schedule_id, None)
        return []
    if at < schedule.updated_at + STARTS_WITHIN:
        return []
    gone: list[Departure] = []
    for ticket in account.ripening[schedule.id].take(at):
        gone += [soft_delete(account, ticket, at, SYSTEM), delete_permanently(account, ticket, at, SYSTEM)]
    account.agenda.add(at + SWEPT_EVERY, SWEEP, schedule.id)
    return gone
