"""What an agent may open, read from Zendesk: who they are, their groups, their role, whether a group is private."""

from collections.abc import Mapping
from typing import Any

from support_bridge.zendesk.errors import Missing
from support_bridge.zendesk.paging import listed
from support_bridge.zendesk.parsing import expecting
from support_bridge.zendesk.session import ZendeskSession
from support_bridge.zendesk.values import Agent


class Agents:
    """Agents as they are now. Of a user's names and addresses nothing is read."""

    def __init__(self, session: ZendeskSession) -> None:
        self._ask = session.ask

    def agent(self, user_id: int) -> Agent | None:
        """Whoever has that id, be it an end user; None where nobody has."""
        try:
            answer = self._ask(f"/api/v2/users/{user_id}.json")
        except Missing:
            return None
        with expecting("user"):
            return _agent(answer["user"])

    def groups_of(self, user_id: int) -> frozenset[int]:
        """The groups that a user is in, private ones too."""
        with expecting("list of a user's groups"):
            rows = listed(self._ask, f"/api/v2/users/{user_id}/groups.json", "groups")
            return frozenset(int(row["id"]) for row in rows if row.get("deleted") is not True)

    def is_public(self, group_id: int) -> bool:
        """Whether the group is known to be public; one that is gone is not."""
        try:
            answer = self._ask(f"/api/v2/groups/{group_id}.json")
        except Missing:
            return False
        with expecting("group"):
            return answer["group"].get("is_public") is True

    def ticket_access(self, role_id: int) -> str:
        """Which tickets a custom role opens, in Zendesk's word. Raises NeedsAPerson or Missing where it is not told.

        https://developer.zendesk.com/api-reference/ticketing/account-configuration/custom_roles/
        """
        with expecting("custom role"):
            role = self._ask(f"/api/v2/custom_roles/{role_id}.json")["custom_role"]
            return str(role["configuration"]["ticket_access"])


def _agent(record: Mapping[str, Any]) -> Agent:
    role, restriction = record.get("custom_role_id"), record.get("ticket_restriction")
    organization = record.get("organization_id")
    return Agent(
        id=int(record["id"]),
        role=str(record["role"]),
        active=record.get("active") is True,
        suspended=record.get("suspended") is not False,
        restriction=None if restriction is None else str(restriction),
        custom_role_id=None if role is None else int(role),
        organization_id=None if organization is None else int(organization),
    )
