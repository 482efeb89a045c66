"""Six years of tickets, ids rising with the time of creation."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from sandbox.account import catalogue
from sandbox.account.seeding.stories import Story, live
from sandbox.account.seeding.tickets import Plan, write_ticket
from sandbox.account.state import Account
from sandbox.account.tickets import Ticket

FIRST_ID = 20001
SHARES = {catalogue.APPLY: 1500, catalogue.MANAGE: 1350, catalogue.PUBLISH: 350, catalogue.REGISTER: 350}
PLACEMENTS = 320
PLACEMENTS_RAN = (datetime(2023, 9, 1, tzinfo=UTC), datetime(2025, 10, 1, tzinfo=UTC))
MESSAGING_FOR = timedelta(days=548)
FORGOTTEN = {catalogue.MANAGE: 8, catalogue.APPLY: 7}  # old tickets that nobody ever closed
TYPICAL = {
    catalogue.APPLY: 300,
    catalogue.MANAGE: 240,
    catalogue.PUBLISH: 500,
    catalogue.REGISTER: 600,
    catalogue.PLACEMENTS: 400,
}


@dataclass(frozen=True)
class Arrival:
    at: datetime
    brand: str


def add_history(account: Account, random: Random, since: datetime, scale: int) -> None:
    arrivals = _arrivals(random, since, account.anchor, scale)
    old = account.anchor - timedelta(days=3 * 365 + 60)
    forgotten = _forgotten(random, arrivals, old)
    for number, arrival in enumerate(arrivals, start=FIRST_ID):
        plan = _plan(random, account, arrival, number, arrival in forgotten)
        ticket = write_ticket(account, random, plan)
        outcome = random.choice(["open", "pending"]) if arrival in forgotten else _outcome(random, account, arrival)
        _live(account, random, ticket, arrival.brand, outcome)


def _arrivals(random: Random, since: datetime, until: datetime, scale: int) -> list[Arrival]:
    spans = [(brand, count, since, until) for brand, count in SHARES.items()]
    start, end = max(PLACEMENTS_RAN[0], since), min(PLACEMENTS_RAN[1], until)
    if start < end:
        spans.append((catalogue.PLACEMENTS, PLACEMENTS, start, end))
    found = [
        Arrival(_working_moment(random, first, last), brand)
        for brand, count, first, last in spans
        for _ in range(count * scale)
    ]
    return sorted(found, key=lambda arrival: arrival.at)


def _working_moment(random: Random, since: datetime, until: datetime) -> datetime:
    """People write on working days, mostly by day; a few do not."""
    while True:
        day = since + timedelta(days=random.randrange((until - since).days))
        at = day.replace(hour=0) + timedelta(seconds=int(random.triangular(6, 22, 11) * 3600))
        if since <= at < until and (at.weekday() < 5 or random.random() < 0.1):
            return at


def _forgotten(random: Random, arrivals: list[Arrival], before: datetime) -> set[Arrival]:
    chosen: set[Arrival] = set()
    for brand, count in FORGOTTEN.items():
        chosen |= set(random.sample([a for a in arrivals if a.brand == brand and a.at < before], count))
    return chosen


def _plan(random: Random, account: Account, arrival: Arrival, number: int, forgotten: bool) -> Plan:
    messaging = arrival.at > account.anchor - MESSAGING_FOR
    channel = _channel(random, arrival.brand, messaging)
    if forgotten and arrival.brand == catalogue.MANAGE:
        channel = "chat"
    return Plan(number, arrival.brand, channel, arrival.at)


def _channel(random: Random, brand: str, messaging: bool) -> str:
    chatting = 0.75 if brand == catalogue.MANAGE else 0.03 if brand == catalogue.APPLY else 0
    if random.random() < chatting:
        return "native_messaging" if messaging and random.random() < 0.7 else "chat"
    return "web" if random.random() < 0.45 else "email"


def _outcome(random: Random, account: Account, arrival: Arrival) -> str:
    age = account.anchor - arrival.at
    if age < timedelta(days=40):
        return random.choices(["solved", "new", "open", "pending", "hold"], [50, 12, 18, 15, 5])[0]
    if age < timedelta(days=3 * 365) and random.random() < 0.008:
        return random.choice(["open", "pending", "hold"])
    return "solved"


def _live(account: Account, random: Random, ticket: Ticket, brand: str, outcome: str) -> None:
    live(Story(account, random, ticket, ticket.created_at, account.anchor), TYPICAL[brand], outcome)
