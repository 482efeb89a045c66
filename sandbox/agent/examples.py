"""Tickets worth opening: one of each kind that the app has to tell apart, and those with fixed numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.account import catalogue
from sandbox.account.seeding import show
from sandbox.account.state import Account
from sandbox.account.tickets import LIVE, Ticket

KINDS = {
    show.NAMED: "a provider code and a candidate id",
    show.CLOSED: "closed: it takes no note",
    show.MISTYPED: "a provider code that is none",
    show.WORDS: "words where codes should be",
    show.REMOVED_CANDIDATE: "a candidate whose application was removed",
    show.FOR_A_PURPOSE: "a purpose is chosen already",
    show.PRIVATE: "in a private group: for its members alone",
    show.NUMBER_ALONE: "an application's number, which cannot be looked up",
}
UNCLAIMED = (catalogue.REGISTER, catalogue.PUBLISH)  # brands of which no policy speaks


@dataclass(frozen=True)
class Example:
    kind: str
    ticket: Ticket

    @property
    def brand(self) -> str:
        return catalogue.BRAND_NAMES[self.ticket.brand_id]

    @property
    def group(self) -> str:
        return catalogue.GROUP_NAMES[self.ticket.group_id]

    @property
    def provider(self) -> str:
        return _provider(self.ticket)

    @property
    def candidate(self) -> str:
        return _candidate(self.ticket)


def find(account: Account) -> list[Example]:
    """Those with something to see, then the others with fixed numbers."""
    live = [ticket for ticket in account.tickets.values() if ticket.state == LIVE]
    named = [Example(kind, account.tickets[number]) for number, kind in KINDS.items()]
    fixed = [Example("", ticket) for ticket in live if ticket.id in show.NUMBERS and ticket.id not in KINDS]
    return [*(example for example in named if example.ticket in live), *_of_other_brands(live), *fixed]


def _of_other_brands(live: list[Ticket]) -> Iterator[Example]:
    for brand in UNCLAIMED:
        of_brand = [ticket for ticket in live if ticket.brand_id == catalogue.BRANDS[brand]]
        if of_brand:
            yield Example("claimed by no policy", max(of_brand, key=lambda ticket: ticket.created_at))


def _provider(ticket: Ticket) -> str:
    return ticket.fields.get(catalogue.PROVIDER_CODE) or ""


def _candidate(ticket: Ticket) -> str:
    return ticket.fields.get(catalogue.CANDIDATE_ID) or ""
