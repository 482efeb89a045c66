"""Everything the account holds, in memory."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.account.agenda import Agenda
from sandbox.account.chats import Chat
from sandbox.account.export_order import ExportOrder
from sandbox.account.jobs import Flaws, Job
from sandbox.account.listing import Listing
from sandbox.account.pace import Pace
from sandbox.account.people import User
from sandbox.account.ripening import Ripening
from sandbox.account.schedules import Schedule
from sandbox.account.search_index import SearchIndex
from sandbox.account.tickets import Ticket


@dataclass
class Account:
    """Tickets change through `changes` and `deletion` alone, which say so by `touch`."""

    anchor: datetime
    users: dict[int, User] = field(default_factory=dict)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    schedules: dict[int, Schedule] = field(default_factory=dict)
    ripening: dict[int, Ripening] = field(default_factory=dict)  # by schedule
    subdomain: str = ""
    last_id: int = 4_000_000_000
    version: int = 0
    pace: Pace = field(default_factory=Pace)
    agenda: Agenda = field(default_factory=Agenda, compare=False)
    flaws: Flaws = field(default_factory=Flaws, compare=False)
    order: ExportOrder = field(default_factory=ExportOrder, compare=False)
    index: SearchIndex = field(default_factory=lambda: SearchIndex({}, timedelta()), compare=False)
    listing: Listing = field(default_factory=Listing, compare=False)

    @property
    def address(self) -> str:
        return f"https://{self.subdomain}.zendesk.com"

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def user_name(self, user_id: int | None) -> str:
        user = self.users.get(user_id or 0)
        return user.name if user else "System"

    def touch(self, ticket: Ticket, at: datetime) -> None:
        """Every change moves the export's own timestamp, also those that leave `updated_at` alone."""
        self.order.move(ticket, int(at.timestamp()))
        self.index.hear(ticket, at)
        for ripening in self.ripening.values():
            ripening.hear(ticket.id)
        self.version += 1

    def active(self, now: datetime) -> list[Ticket]:
        """Live and not archived, by id."""
        return self.listing.tickets(self.tickets, self.version, now)
