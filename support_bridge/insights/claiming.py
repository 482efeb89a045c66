"""Whether a ticket is one of the services' that this deployment is for: the account holds others' too."""

from collections.abc import Callable
from datetime import UTC, datetime

from support_bridge.insights.desk import directory, facts, kept
from support_bridge.policies.rules import claimed_by
from support_bridge.services import Services
from support_bridge.zendesk.values import Directory, Ticket


def is_ours(services: Services) -> Callable[[Ticket], bool]:
    """Tells it by the policies; claimed by two is ours too. Raises Zendesk's errors where no names are kept yet."""

    def claimed(ticket: Ticket) -> bool:
        return bool(claimed_by(services.policies.policies, facts(ticket, _names(services))))

    return claimed


def _names(services: Services) -> Directory:
    """The kept ones, however old: the worker reads them again each hour, and nobody here waits for that."""
    with services.sessions() as session:
        names = kept(session)
    if names.brands or names.groups or names.forms:
        return names
    with services.sessions.begin() as session:
        return directory(session, services.zendesk(bulk=False).reading.directory, datetime.now(UTC))
