"""One client per job: zenpy and our own calls over one session."""

from dataclasses import dataclass

from zenpy import Zenpy

from support_bridge.zendesk.agents import Agents
from support_bridge.zendesk.budget import Budget
from support_bridge.zendesk.chats import Chats
from support_bridge.zendesk.deleting import Deleting
from support_bridge.zendesk.deleting_chats import DeletingChats
from support_bridge.zendesk.inspecting import Inspecting
from support_bridge.zendesk.noting import Noting
from support_bridge.zendesk.oauth import Authorisation
from support_bridge.zendesk.reading import Reading
from support_bridge.zendesk.session import ZendeskSession


@dataclass(frozen=True)
class Zendesk:
    """What anybody with credentials may do. Without a token for Zendesk Chat there are no `chats`."""

    reading: Reading
    agents: Agents
    noting: Noting
    inspecting: Inspecting
    chats: Chats | None


@dataclass(frozen=True)
class DeletingZendesk:
    """What the deleter may do beside: delete tickets and chats."""

    reading: Reading
    deleting: Deleting
    chats: DeletingChats


def connect(
    subdomain: str,
    base_url: str,
    authorisation: Authorisation,
    budget: Budget,
    *,
    bulk: bool,
    chat: Authorisation | None = None,
) -> Zendesk:
    """A client for reading and noting; `bulk` work takes only its share of the budget."""
    session = ZendeskSession(account_url(subdomain), base_url, authorisation, budget, bulk=bulk)
    zenpy = _zenpy(subdomain, session)
    chats = Chats(ZendeskSession(account_url(subdomain), base_url, chat, budget, bulk=bulk)) if chat else None
    return Zendesk(Reading(session), Agents(session), Noting(session, zenpy), Inspecting(session), chats)


def connect_deleting(
    subdomain: str, base_url: str, authorisation: Authorisation, chat: Authorisation, budget: Budget
) -> DeletingZendesk:
    """A client that may delete, always as bulk work; Zendesk Chat may have a token of its own."""
    session = ZendeskSession(account_url(subdomain), base_url, authorisation, budget, bulk=True)
    chats = ZendeskSession(account_url(subdomain), base_url, chat, budget, bulk=True)
    zenpy = _zenpy(subdomain, session)
    return DeletingZendesk(Reading(session), Deleting(session, zenpy), DeletingChats(chats))


def account_url(subdomain: str) -> str:
    """The account's own address, unless a setting says that it answers elsewhere."""
    return f"https://{subdomain}.zendesk.com"


def _zenpy(subdomain: str, session: ZendeskSession) -> Zenpy:
    # Without its caches: a ticket read before it is deleted must be the ticket as it is now.
    return Zenpy(subdomain=subdomain, session=session, disable_cache=True)
