"""What every stage is given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from support_bridge.policies.values import PolicyFile
from support_bridge.zendesk.client import DeletingZendesk

# How often Zendesk is asked how a job goes, of its minute.
POLLS_A_MINUTE = 30
LEASE_MINUTES = 4
# So often Zendesk is asked to delete a ticket, and again to delete it permanently, before a person must look.
ATTEMPTS = 3


@dataclass(frozen=True)
class Parts:
    """The database, the client that may delete, the policies and the clock; `minute` is Zendesk's."""

    sessions: sessionmaker[Session]
    zendesk: DeletingZendesk
    policies: PolicyFile
    clock: Callable[[], datetime]
    minute: timedelta

    @property
    def lease(self) -> timedelta:
        """How long a batch is left to a worker; one that died has its batches taken over after this."""
        return self.minute * LEASE_MINUTES

    @property
    def poll(self) -> datetime:
        """When to ask again how a job goes."""
        return self.clock() + self.minute / POLLS_A_MINUTE
