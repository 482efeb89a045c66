"""Everything the account holds, in memory."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.account.chats import Chat
from sandbox.account.jobs import Job
from sandbox.account.people import User
from sandbox.account.tickets import Ticket


@dataclass
class Account:
    anchor: datetime
    users: dict[int, User] = field(default_factory=dict)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    going: set[int] = field(default_factory=set)  # tickets deleted and not yet scrubbed
    last_id: int = 4_000_000_000

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def user_name(self, user_id: int | None) -> str:
        user = self.users.get(user_id or 0)
        return user.name if user else "System"
