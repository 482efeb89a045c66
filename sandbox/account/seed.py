"""The same seed and day always give the same account."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sandbox.account import people
from sandbox.account.seed_chats import add_chats
from sandbox.account.seed_history import add_history
from sandbox.account.seed_show import add_show_tickets
from sandbox.account.state import Account

YEARS = 6
REQUESTERS = 1400


def seeded(seed: int, today: date) -> Account:
    """Separate random streams, so that a change to one part leaves the others as they were."""
    anchor = datetime.combine(today, time(), UTC)
    since = anchor - timedelta(days=int(365.25 * YEARS))
    account = Account(anchor)
    everyone = people.staff(since) + people.end_users(Random(f"{seed} people"), REQUESTERS, since, anchor)
    account.users = {user.id: user for user in everyone}
    add_history(account, Random(f"{seed} history"), since)
    add_show_tickets(account, Random(f"{seed} show"))
    add_chats(account, Random(f"{seed} chats"), since)
    return account
