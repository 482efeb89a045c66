"""What the tests of catching up share: a clock that is later than the sandbox's, and what was recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select

from support_bridge.inbox import told
from support_bridge.inbox.record import record
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Heard, Share
from support_bridge.insights.catching_up import Parts, walk
from support_bridge.insights.missed import Pace
from support_bridge.insights.reconcile import NOTHING, Found
from support_bridge.insights.tables import CatchUp
from support_bridge.insights.walks import TICKETS, Walk, walks
from support_bridge.retention.register import registered
from support_bridge.services import Services
from tests.conftest import MINUTE_SECONDS, Sandbox

MINUTE = timedelta(seconds=MINUTE_SECONDS)
PACE = Pace(MINUTE)


@dataclass
class Watch:
    """Walks of an account, `late` after what happens there: so that nobody has to wait until a change is old enough."""

    services: Services
    sandbox: Sandbox
    late: timedelta = 17 * MINUTE
    at: Callable[[], datetime] | None = field(default=None)

    def there(self) -> datetime:
        """What the sandbox's clock says."""
        return datetime.fromisoformat(self.sandbox.control("GET", "state")["now"]).astimezone(UTC)

    def now(self) -> datetime:
        return self.at() if self.at else self.there() + self.late

    def parts(self) -> Parts:
        zendesk = self.services.zendesk(bulk=True)
        return Parts(self.services.sessions, zendesk.reading, zendesk.chats, registered, self.now, PACE)

    def begin(self, floor: datetime | None = None, name: str = TICKETS) -> None:
        """As if a walk had come so far; by default, to just now."""
        with self.services.sessions.begin() as session:
            session.execute(delete(CatchUp).where(CatchUp.name == name))
            session.add(CatchUp(name=name, watermark=floor or self.there() - timedelta(seconds=1)))

    def change(self, *tickets: int, **changes: Any) -> None:
        """Change them in Zendesk, and let the time pass for which it withholds that from its export."""
        for ticket in tickets:
            self.sandbox.control("PATCH", f"tickets/{ticket}", changes or {"tags": [uuid4().hex]})
        self.sandbox.control("POST", "clock", {"advance_seconds": 2})

    def tell(self, *tickets: int, after: timedelta = timedelta(0), kind: str = "ticket.changed") -> None:
        """Deliveries about them, so long after now by the sandbox's clock."""
        with self.services.sessions.begin() as session:
            for ticket in tickets:
                record(session, Heard(kind, ticket), self.there() + after)

    def walk(self, name: str = TICKETS) -> Found:
        return sum(walk(self.parts(), name, at_once=True), NOTHING)

    def recorded(self) -> list[int]:
        """The tickets that reconciliation wrote to the inbox."""
        with self.services.sessions() as session:
            query = select(Delivery.ticket_id).where(Delivery.event_type == told.RECONCILED)
            return sorted(number for number in session.scalars(query) if number)

    def share(self) -> Share:
        with self.services.sessions() as session:
            return told.share(session, datetime(2000, 1, 1, tzinfo=UTC).date())

    def stands(self, name: str = TICKETS) -> Walk:
        with self.services.sessions() as session:
            return next(one for one in walks(session) if one.name == name)

    def row(self, name: str = TICKETS) -> CatchUp:
        with self.services.sessions() as session:
            found = session.get(CatchUp, name)
            assert found is not None
            return found


def open_tickets(sandbox: Sandbox, count: int) -> Sequence[int]:
    """Tickets that may be changed."""
    return [one["id"] for one in sandbox.truth(state="live") if one["status"] in ("open", "pending")][-count:]
