"""Which tickets an agent may open in Zendesk, by what Zendesk says of both. Pure, and closed: an unknown word opens
none.

https://developer.zendesk.com/api-reference/ticketing/users/users/ (ticket_restriction), …/groups/groups/ (is_public),
…/account-configuration/custom_roles/ (ticket_access)
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from support_bridge.errors import Forbidden
from support_bridge.zendesk.values import Agent, Ticket

ADMIN, AGENT = "admin", "agent"
EVERYTHING = None  # no restriction: Zendesk's null
GROUPS, GROUPS_AND_PUBLIC = "groups", "groups and public groups"

# A custom role's words in those of an agent's own restriction; but one that an agent's own has no word for.
ACCESS: Mapping[str, str | None] = MappingProxyType(
    {
        "all": EVERYTHING,
        "assigned-only": "assigned",
        "within-groups": GROUPS,
        "within-groups-and-public-groups": GROUPS_AND_PUBLIC,
        "within-organization": "organization",
    }
)
OWN: Mapping[str | None, Callable[[Agent, Ticket], bool]] = MappingProxyType(
    {
        EVERYTHING: lambda _agent, _ticket: True,
        "assigned": lambda agent, ticket: ticket.assignee_id == agent.id,
        "requested": lambda agent, ticket: ticket.requester_id == agent.id,
        "organization": lambda agent, ticket: _same(agent.organization_id, ticket.organization_id),
    }
)
BY_GROUP = (GROUPS, GROUPS_AND_PUBLIC)


def checked(agent: Agent | None) -> Agent:
    """The agent. Raises Forbidden for whoever is none that works there now."""
    if agent is None:
        raise Forbidden("Zendesk knows no agent of that id")
    if agent.role not in (ADMIN, AGENT):
        raise Forbidden("Only agents may ask, and Zendesk says that this is none")
    if not agent.active or agent.suspended:
        raise Forbidden("This agent is suspended in Zendesk, or no longer works there")
    return agent


def restriction(agent: Agent, ticket_access: str | None) -> str | None:
    """What narrows the tickets that the agent may open: their custom role's word, and where that opens all, or they
    have no such role, their own. Raises Forbidden for an unknown word."""
    if ticket_access is not None and ticket_access not in ACCESS:
        raise Forbidden("This agent’s role in Zendesk says in an unknown way which tickets they may open")
    by_role = ACCESS[ticket_access] if ticket_access is not None else EVERYTHING
    word = agent.restriction if by_role is EVERYTHING else by_role
    if word not in OWN and word not in BY_GROUP:
        raise Forbidden("This agent is restricted in Zendesk in a way that is unknown here")
    return word


def needs_groups(word: str | None, ticket: Ticket, *, is_public: bool) -> bool:
    """Whether the agent's own groups decide: a private group's ticket is for its members alone."""
    return ticket.group_id is not None and (word == GROUPS or not is_public)


def opens(agent: Agent, ticket: Ticket, word: str | None, groups: frozenset[int], *, is_public: bool) -> bool:
    """Whether the agent, who is no administrator, may open it; `groups` are theirs, as far as they decide."""
    is_member = ticket.group_id in groups
    if word in BY_GROUP:
        return is_member or (word == GROUPS_AND_PUBLIC and is_public and ticket.group_id is not None)
    within = ticket.group_id is None or is_public or is_member
    return within and OWN[word](agent, ticket)


def _same(one: int | None, other: int | None) -> bool:
    return one is not None and one == other
