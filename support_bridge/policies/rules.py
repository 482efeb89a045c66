"""Which policies claim a ticket, and when it is due. Pure: values in, values out."""

from collections.abc import Iterable
from datetime import datetime

from support_bridge.policies.values import Condition, Policy, TicketFacts

UNCLAIMED = "unclaimed"
CLAIMED_TWICE = "claimed-twice"


def claims(policy: Policy, ticket: TicketFacts) -> bool:
    """Whether the policy claims the ticket: every one of `all`, and one of `any` where there are any."""
    return all(holds(condition, ticket) for condition in policy.all) and (
        not policy.any or any(holds(condition, ticket) for condition in policy.any)
    )


def claimed_by(policies: Iterable[Policy], ticket: TicketFacts) -> tuple[str, ...]:
    """The names of the policies that claim it; anything but exactly one means: leave it alone."""
    return tuple(policy.name for policy in policies if claims(policy, ticket))


def service(policies: Iterable[Policy], ticket: TicketFacts) -> str:
    """The one policy's name, which insights call the service; else what is the matter."""
    names = claimed_by(policies, ticket)
    if len(names) == 1:
        return names[0]
    return CLAIMED_TWICE if names else UNCLAIMED


def holds(condition: Condition, ticket: TicketFacts) -> bool:
    """Whether the ticket is what the condition says; brands, groups and forms by id or name."""
    if condition.kind == "channel":
        return ticket.channel == condition.value
    if condition.kind == "field":
        return ticket.fields.get(condition.field_id or 0) == condition.value
    named: dict[str, tuple[str, ...]] = {"brand": ticket.brand, "group": ticket.group, "form": ticket.form}
    return condition.value in named[condition.kind]


def due_at(policy: Policy, clock: datetime) -> datetime:
    """The first moment at which a ticket may go, `clock` being the policy's clock for it.

    Calendar years, in the clock's own zone (UTC here): three years after 29 February is 28 February, the day on
    which the third year ends.
    """
    return clock + policy.keep - policy.lead
