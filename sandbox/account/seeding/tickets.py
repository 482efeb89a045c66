"""Writing one ticket into the account, with its requester, words and fields."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from sandbox.account import catalogue, markers
from sandbox.account.changes import begin
from sandbox.account.people import FIRST_END_USER, STAFF
from sandbox.account.state import Account
from sandbox.account.tickets import Ticket
from sandbox.dfe.candidates import FIRST_CANDIDATE, HOW_MANY
from sandbox.dfe.provider_codes import CODES

WEIGHTS = {
    catalogue.APPLY: [22, 30, 12, 18, 8, 10],
    catalogue.MANAGE: [25, 18, 10, 12, 25, 10],
}


@dataclass(frozen=True)
class Plan:
    id: int
    brand: str
    channel: str
    at: datetime


def write_ticket(account: Account, random: Random, plan: Plan) -> Ticket:
    group, form = catalogue.HANDLED_BY[plan.brand]
    if random.random() < 0.04:
        form = "General"
    requester = FIRST_END_USER + random.randrange(len(account.users) - STAFF)
    topic = random.choices(catalogue.TOPICS, WEIGHTS.get(plan.brand, [1, 0, 3, 0, 0, 3]))[0]
    ticket = Ticket(
        plan.id, catalogue.BRANDS[plan.brand], catalogue.GROUPS[group], catalogue.FORMS[form], plan.channel,
        markers.sentence("asks about ticket", plan.id), requester, plan.at, plan.at, int(plan.at.timestamp()),
        priority=random.choice([None, None, None, "normal", "high"]), tags=sorted({topic, f"via_{plan.channel}"}),
        fields=_fields(random, plan.brand, topic),
    )  # fmt: skip
    begin(account, ticket, markers.sentence("first message of ticket", plan.id))
    account.tickets[ticket.id] = ticket
    return ticket


def _fields(random: Random, brand: str, topic: str) -> dict[int, str | None]:
    candidate = provider = None
    if brand in (catalogue.APPLY, catalogue.MANAGE) and random.random() < 0.3:
        candidate = f"C{FIRST_CANDIDATE + random.randrange(HOW_MANY)}"
    if brand != catalogue.APPLY and random.random() < 0.4:
        provider = random.choice(CODES)
    return {
        catalogue.PROVIDER_CODE: provider,
        catalogue.CANDIDATE_ID: candidate,
        catalogue.TOPIC: topic,
        catalogue.PURPOSE: None,
    }
