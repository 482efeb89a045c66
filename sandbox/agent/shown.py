"""A ticket as an agent reads it: names for numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sandbox.account import catalogue
from sandbox.account.state import Account
from sandbox.account.tickets import Ticket


@dataclass(frozen=True)
class Field:
    """One of the account's own fields; `options` where only these can be chosen."""

    number: int
    title: str
    value: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Comment:
    author: str
    at: datetime
    public: bool
    body: str


@dataclass(frozen=True)
class Shown:
    brand: str
    group: str
    requester: str
    fields: tuple[Field, ...]


def shown(account: Account, ticket: Ticket) -> Shown:
    fields = tuple(
        Field(number, title, ticket.fields.get(number) or "", tuple(options))
        for number, (title, _, options) in catalogue.FIELDS.items()
    )
    brand, group = catalogue.BRAND_NAMES[ticket.brand_id], catalogue.GROUP_NAMES[ticket.group_id]
    return Shown(brand, group, account.user_name(ticket.requester_id), fields)


def comments_of(account: Account, ticket: Ticket) -> Iterator[Comment]:
    """Oldest first, internal notes too."""
    for audit, event in ticket.comments():
        yield Comment(account.user_name(event["author_id"]), audit.at, event["public"], event["body"])
