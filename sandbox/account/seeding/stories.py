"""One ticket's life, told step by step: who wrote, who took it, when it was solved and closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sandbox.account import changes, markers
from sandbox.account.people import ADMIN, SYSTEM
from sandbox.account.state import Account
from sandbox.account.tickets import Ticket

CLOSED_AFTER = timedelta(days=28)  # solved tickets are closed at the latest then: support.zendesk.com 4408883872538
SLOW = {"chat": 0.02, "native_messaging": 0.03}


@dataclass
class Story:
    account: Account
    random: Random
    ticket: Ticket
    at: datetime
    until: datetime

    def minutes_pass(self, typical: float) -> bool:
        """Move on, unless that would be in the future; chats move faster than letters."""
        spread = self.random.lognormvariate(0, 0.9)
        later = self.at + timedelta(seconds=int(60 * typical * SLOW.get(self.ticket.channel, 1) * spread) + 20)
        if later >= self.until:
            return False
        self.at = later
        return True

    def reply(self, status: str | None = None) -> None:
        self._agent_writes("reply", True, status)

    def note(self) -> None:
        self._agent_writes("note", False, None)

    def requester_writes(self, status: str | None = None) -> None:
        comment = self._comment("follow-up", True, self.ticket.requester_id)
        self._change(self.ticket.requester_id, comment, status)

    def taken(self) -> None:
        if self.ticket.assignee_id is None:
            assignee = 501 + self.random.randrange(10)
            self._change(assignee, None, "open", (("assignee_id", assignee),))

    def becomes(self, status: str) -> None:
        self._change(self.ticket.assignee_id or ADMIN, None, status)

    def closes(self) -> None:
        """The automation's work, and only when it is due."""
        if self.ticket.status == "solved" and self.at + CLOSED_AFTER < self.until:
            self.at += CLOSED_AFTER
            self._change(SYSTEM, None, "closed")

    def closed_by_hand(self) -> None:
        self._change(ADMIN, None, "closed")

    def _agent_writes(self, about: str, public: bool, status: str | None) -> None:
        author = self.ticket.assignee_id or ADMIN
        self._change(author, self._comment(about, public, author), status)

    def _comment(self, about: str, public: bool, author: int) -> changes.NewComment:
        return changes.NewComment(markers.sentence(f"{about} on ticket", self.ticket.id), public, author)

    def _change(
        self,
        author: int,
        comment: changes.NewComment | None,
        status: str | None,
        attributes: tuple[tuple[str, object], ...] = (),
    ) -> None:
        wanted = (*attributes, ("status", status)) if status else attributes
        changes.change(self.account, self.ticket, changes.Update(author, self.at, comment, wanted))


def live(story: Story, typical: float, outcome: str) -> None:
    """Tell a whole life that ends in `outcome`: new, open, pending, hold or solved (and then closed)."""
    if outcome == "new" or not story.minutes_pass(typical / 3):
        return
    story.taken()
    if outcome == "open" and story.random.random() < 0.4:
        return
    _answer(story, typical)
    if outcome == "solved":
        _solve(story, typical)
    elif story.ticket.status != outcome:
        story.becomes(outcome)


def _answer(story: Story, typical: float) -> None:
    if not story.minutes_pass(typical):
        return
    if story.random.random() < 0.06:
        story.note()  # some are never answered in public
        return
    story.reply("pending" if story.random.random() < 0.6 else None)
    if story.random.random() < 0.3 and story.minutes_pass(5):
        story.note()
    if story.ticket.status == "pending" and story.minutes_pass(typical * 2):
        story.requester_writes("open")
        if story.minutes_pass(typical):
            story.reply()


def _solve(story: Story, typical: float) -> None:
    if story.random.random() < 0.08 and story.minutes_pass(typical):
        story.becomes("hold")
    if not story.minutes_pass(typical * 1.5):
        return
    story.becomes("solved")
    if story.random.random() < 0.04 and story.minutes_pass(typical * 4):
        story.requester_writes("open")
        if story.minutes_pass(typical):
            story.reply("solved")
    story.closes()
