"""Which agents are in which groups, what each may open, and the custom roles: every kind that Zendesk has, once."""

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.account.catalogue import GROUPS, PRIVATE_GROUPS
from sandbox.account.people import User

PUBLIC = frozenset(GROUPS.values()) - PRIVATE_GROUPS
LIGHT = 360005000501


@dataclass(frozen=True)
class Role:
    """A custom role; `kind` is 0 for a custom agent, 1 for a light agent."""

    name: str
    kind: int
    ticket_access: str


ROLES = {
    LIGHT: Role("Light agent", 1, "all"),
    360005000502: Role("Own groups", 0, "within-groups"),
    360005000503: Role("Own and public groups", 0, "within-groups-and-public-groups"),
    360005000504: Role("Own organisation", 0, "within-organization"),
    360005000505: Role("Assigned only", 0, "assigned-only"),
}
ROLE_IDS = {role.name: number for number, role in ROLES.items()}


def place(staff: Iterable[User]) -> None:
    """Those who are not named are in every public group, and open everything there."""
    for agent in staff:
        agent.groups = PUBLIC
        for name, value in PLACES.get(agent.id, {}).items():
            setattr(agent, name, value)


PLACES: dict[int, dict[str, object]] = {
    502: {"groups": PUBLIC | PRIVATE_GROUPS},
    503: {"groups": frozenset({GROUPS["Provider support"]}), "restriction": "groups"},
    504: {"groups": frozenset({GROUPS["Provider support"]}), "restriction": "assigned"},
    505: {"groups": frozenset(), "custom_role_id": LIGHT},
    506: {"groups": frozenset({GROUPS["Becoming a teacher support"]}), "custom_role_id": ROLE_IDS["Own groups"]},
    507: {"groups": frozenset({GROUPS["Publish support"]}), "custom_role_id": ROLE_IDS["Own and public groups"]},
    508: {"suspended": True},
}
