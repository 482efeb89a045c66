"""The same seed and day always give the same account."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sandbox.account import people, staffing
from sandbox.account.seeding.chats import add_chats
from sandbox.account.seeding.history import add_history
from sandbox.account.seeding.show import add_show_tickets
from sandbox.account.state import Account

YEARS = 6
REQUESTERS = 1400


def seeded(seed: int, today: date, scale: int = 1) -> Account:
    """Separate random streams, so that a change to one part leaves the others as they were. With a `scale` the history
    has so many times the tickets."""
    anchor = datetime.combine(today, time(), UTC)
    since = anchor - timedelta(days=int(365.25 * YEARS))
    account = Account(anchor)
    staff = people.staff(since)
    staffing.place(staff)
    everyone = staff + people.end_users(Random(f"{seed} people"), REQUESTERS, since, anchor)
    account.users = {user.id: user for user in everyone}
    add_history(account, Random(f"{seed} history"), since, scale)
    add_show_tickets(account, Random(f"{seed} show"))
    add_chats(account, Random(f"{seed} chats"), since)
    return account
