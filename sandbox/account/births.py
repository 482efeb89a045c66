"""A ticket that is made while the sandbox runs, with the next number."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.account import catalogue
from sandbox.account.changes import Update, begin, change
from sandbox.account.people import User
from sandbox.account.state import Account
from sandbox.account.tickets import Ticket


@dataclass(frozen=True)
class Birth:
    body: str
    subject: str
    requester_id: int
    at: datetime
    brand_id: int
    group_id: int | None = None
    form_id: int | None = None
    channel: str = "web"
    status: str = "new"
    priority: str | None = None
    tags: list[str] = field(default_factory=list)
    fields: dict[int, str | None] = field(default_factory=dict)
    public: bool = True


def bear(account: Account, birth: Birth, now: datetime) -> Ticket:
    """Group and form are the brand's own unless given. It may say that it was made earlier than now."""
    group, form = catalogue.HANDLED_BY[catalogue.BRAND_NAMES[birth.brand_id]]
    ticket = Ticket(
        max(account.tickets) + 1, birth.brand_id, birth.group_id or catalogue.GROUPS[group],
        birth.form_id or catalogue.FORMS[form], birth.channel, birth.subject, birth.requester_id, birth.at, birth.at,
        int(birth.at.timestamp()), priority=birth.priority, tags=list(birth.tags),
        fields=dict.fromkeys(catalogue.FIELDS) | birth.fields,
    )  # fmt: skip
    begin(account, ticket, birth.body, public=birth.public)
    account.tickets[ticket.id] = ticket
    if birth.status != ticket.status:  # as a change of its own, from which the metrics are told
        change(account, ticket, Update(birth.requester_id, birth.at, None, (("status", birth.status),)))
    account.touch(ticket, now)
    return ticket


def new_end_user(account: Account, name: str, email: str, at: datetime) -> User:
    """Somebody who had never written before."""
    user = User(max(account.users) + 1, name, email, None, "end-user", at)
    account.users[user.id] = user
    return user
