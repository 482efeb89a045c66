"""A chat behind every chat ticket, and chats that never became tickets. Shape as recorded from Zendesk Chat."""

from datetime import datetime, timedelta
from random import Random

from sandbox.account.chats import Chat
from sandbox.account.seeding.chat_bodies import CHAT_ACCOUNT, chat_body, offline_message
from sandbox.account.state import Account
from sandbox.account.tickets import Json, Ticket

ALONE = 200
OFFLINE_EVERY = 5
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


def add_chats(account: Account, random: Random, since: datetime) -> None:
    for ticket in sorted(account.tickets.values(), key=lambda ticket: ticket.created_at):
        if ticket.channel == "chat":
            _behind(account, random, ticket)
    for number in range(ALONE):
        at = since + (account.anchor - since) * (number + 0.5) / ALONE
        _alone(account, random, number, at.replace(microsecond=0))


def _behind(account: Account, random: Random, ticket: Ticket) -> None:
    requester = account.users[ticket.requester_id]
    agent = ticket.assignee_id or 501
    ended = ticket.created_at + timedelta(seconds=random.randrange(120, 1500))
    body = chat_body(_chat_id(random), ticket.id, ticket.created_at, ended, agent)
    body["visitor"] |= {"name": requester.name, "email": requester.email, "phone": requester.phone or ""}
    body["zendesk_ticket_id"] = ticket.id
    ticket.chat_id = body["id"]
    _keep(account, body, ended)
    ticket.audits[0].events.append(_started(account, body))


def _alone(account: Account, random: Random, number: int, at: datetime) -> None:
    if number % OFFLINE_EVERY == 0:
        _keep(account, offline_message(_chat_id(random), number, at), at)
        return
    ended = at + timedelta(seconds=random.randrange(30, 900))
    _keep(account, chat_body(_chat_id(random), 500_000 + number, at, ended, 501 + number % 10), ended)


def _keep(account: Account, body: Json, at: datetime) -> None:
    account.chats[body["id"]] = Chat(body["id"], int(at.timestamp()), body)


def _chat_id(random: Random) -> str:
    return f"2109.{CHAT_ACCOUNT}.{''.join(random.choices(LETTERS, k=13))}"


def _started(account: Account, body: Json) -> Json:
    """The only reliable way from a ticket to its chat."""
    spoken = [line for line in body["history"] if line["type"] == "chat.msg"]
    told = [{"chat_index": n, "type": "ChatMessage", "message": line["msg"]} for n, line in enumerate(spoken)]
    value = {"visitor_id": body["visitor"]["id"], "chat_id": body["id"], "history": told}
    return {"id": account.next_id(), "type": "ChatStartedEvent", "value": value}
