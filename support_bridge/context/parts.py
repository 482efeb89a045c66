"""What a look-up needs, and where it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session, sessionmaker

from support_bridge.services import Services
from support_bridge.teacher_training.apply import Apply
from support_bridge.teacher_training.publish import Publish
from support_bridge.teacher_training.timetables import Timetables
from support_bridge.zendesk.client import Zendesk
from support_bridge.zendesk.values import Ticket

# What an agent waits for all sources together. Each has a longer time of its own; who is late is not waited for.
SECONDS = 6.0


@dataclass(frozen=True)
class Parts:
    """The parts. A source is None where this deployment has no settings for it; `is_ours` says whether a policy claims
    the ticket: the account holds other services' too."""

    sessions: sessionmaker[Session]
    zendesk: Zendesk
    publish: Publish | None
    apply: Apply | None
    timetables: Timetables | None
    is_ours: Callable[[Ticket], bool]
    lookups_per_hour: int
    clock: Callable[[], datetime]
    seconds: float = SECONDS


# Gives the parts for one look-up.
Asking = Callable[[], Parts]


def parts(services: Services, is_ours: Callable[[Ticket], bool], zendesk: Zendesk | None = None) -> Parts:
    """The parts as they are wired for this process; with a client of Zendesk's whose connections are there already, an
    agent does not wait for new ones."""
    return Parts(
        sessions=services.sessions,
        zendesk=zendesk or services.zendesk(bulk=False),
        publish=services.publish,
        apply=services.apply,
        timetables=services.timetables,
        is_ours=is_ours,
        lookups_per_hour=services.settings.context_lookups_per_hour,
        clock=lambda: datetime.now(UTC),
    )
