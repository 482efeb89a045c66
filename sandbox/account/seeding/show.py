"""Fifty recent tickets with fixed numbers, so that documents and demonstrations may name them."""

from datetime import timedelta
from random import Random

from sandbox.account import catalogue
from sandbox.account.changes import Update, change
from sandbox.account.people import ADMIN
from sandbox.account.seeding.stories import Story, live
from sandbox.account.seeding.tickets import Plan, write_ticket
from sandbox.account.state import Account
from sandbox.account.tickets import Ticket
from sandbox.dfe.candidates import REMOVED

NUMBERS = range(1001, 1051)
NAMED = 1042  # Manage, chat, open
CLOSED = 1043
PRIVATE = 1038  # in a group whose tickets its members alone may open
MISTYPED, WORDS, REMOVED_CANDIDATE, FOR_A_PURPOSE, NUMBER_ALONE = 1040, 1044, 1046, 1048, 1050
# What agents typed into the fields, where it is not left to chance.
TYPED: dict[int, dict[int, str | None]] = {
    NAMED: {catalogue.PROVIDER_CODE: "1TZ", catalogue.CANDIDATE_ID: "C1234"},
    MISTYPED: {catalogue.PROVIDER_CODE: "B1", catalogue.CANDIDATE_ID: None},
    WORDS: {catalogue.PROVIDER_CODE: "the one by the sea", catalogue.CANDIDATE_ID: "not known yet"},
    REMOVED_CANDIDATE: {catalogue.PROVIDER_CODE: None, catalogue.CANDIDATE_ID: f"C{REMOVED}"},
    FOR_A_PURPOSE: {catalogue.PROVIDER_CODE: "B17", catalogue.CANDIDATE_ID: "C1235", catalogue.PURPOSE: "answer_query"},
    NUMBER_ALONE: {catalogue.PROVIDER_CODE: None, catalogue.CANDIDATE_ID: "12340"},  # an application's
}
OUTCOMES = ["open", "new", "pending", "solved", "hold", "open", "pending", "open", "new", "solved"]


def add_show_tickets(account: Account, random: Random) -> None:
    for number in NUMBERS:
        ticket = write_ticket(account, random, _plan(account, number))
        ticket.fields |= TYPED.get(number, {})
        if number == PRIVATE:
            to = (("group_id", catalogue.GROUPS["Safeguarding"]),)
            change(account, ticket, Update(ADMIN, ticket.created_at, None, to))
        story = Story(account, random, ticket, ticket.created_at, account.anchor)
        live(story, 60, _outcome(number))
        if number == CLOSED:
            _close(story)
        elif number == NAMED and ticket.status != "open":
            story.becomes("open")


def _plan(account: Account, number: int) -> Plan:
    created_at = account.anchor - timedelta(days=9.8 - (number - NUMBERS.start) * 0.19)
    created_at = created_at.replace(microsecond=0)
    if number % 2:
        return Plan(number, catalogue.APPLY, ("web", "email")[number % 4 // 2], created_at)
    return Plan(number, catalogue.MANAGE, "chat" if number % 4 == 2 else "native_messaging", created_at)


def _outcome(number: int) -> str:
    if number == NAMED:
        return "open"
    return "solved" if number == CLOSED else OUTCOMES[number % len(OUTCOMES)]


def _close(story: Story) -> None:
    ticket: Ticket = story.ticket
    if ticket.status != "solved":
        story.becomes("solved")
    story.closed_by_hand()
