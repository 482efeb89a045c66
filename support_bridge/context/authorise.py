"""Whether the agent who asks could open the ticket: both are read, whatever the browser or the program says."""

from support_bridge.beside import both
from support_bridge.context import may_open
from support_bridge.context.may_open import ADMIN, GROUPS
from support_bridge.context.parts import Parts
from support_bridge.context.values import Question
from support_bridge.errors import Forbidden, NeedsAPerson, NotFound
from support_bridge.zendesk.agents import Agents
from support_bridge.zendesk.errors import Missing
from support_bridge.zendesk.values import Agent, Ticket


def ticket_of(question: Question, parts: Parts) -> tuple[Ticket, Agent | None]:
    """The ticket, and whoever asks, read side by side. Raises NotFound for a ticket that is not there, and Zendesk's
    errors."""
    ticket, agent = both(
        lambda: parts.zendesk.reading.ticket_alone(question.ticket_id),
        lambda: parts.zendesk.agents.agent(question.agent_id),
    )
    if ticket is None:
        raise NotFound(f"Zendesk has no ticket {question.ticket_id}")
    return ticket, agent


def authorise(ticket: Ticket, agent: Agent | None, parts: Parts) -> None:
    """Raises Forbidden where the agent could not open the ticket, or it is another service's; and Zendesk's errors."""
    agent = may_open.checked(agent)
    if not parts.is_ours(ticket):
        raise Forbidden(f"Ticket {ticket.id} is none of the services’ that this is for: no policy claims it")
    if agent.role != ADMIN and not _could_open(agent, ticket, parts.zendesk.agents):
        raise Forbidden(f"This agent may not open ticket {ticket.id} in Zendesk")


def _could_open(agent: Agent, ticket: Ticket, agents: Agents) -> bool:
    """Only what decides is read: the role where there is one, the ticket's group beside it, the agent's own groups."""
    is_public, access = _group_and_role(agent, ticket, agents)
    word = may_open.restriction(agent, access)
    asks = may_open.needs_groups(word, ticket, is_public=is_public)
    groups = agents.groups_of(agent.id) if asks else frozenset()
    return may_open.opens(agent, ticket, word, groups, is_public=is_public)


def _group_and_role(agent: Agent, ticket: Ticket, agents: Agents) -> tuple[bool, str | None]:
    group, role = ticket.group_id, agent.custom_role_id
    if role is None:
        # Where only their own groups count, whether this one is public makes no difference.
        return group is not None and agent.restriction != GROUPS and agents.is_public(group), None
    if group is None:
        return False, _access(role, agents)
    return both(lambda: agents.is_public(group), lambda: _access(role, agents))


def _access(role_id: int, agents: Agents) -> str:
    try:
        return agents.ticket_access(role_id)
    except (Missing, NeedsAPerson) as error:
        raise Forbidden("This agent’s role cannot be read from Zendesk, so nothing is shown to them") from error
