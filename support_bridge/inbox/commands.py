"""`flask inbox …`"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from support_bridge.errors import Refused
from support_bridge.inbox.replay import Wanted, count, replay
from support_bridge.inbox.status import status
from support_bridge.inbox.told import share
from support_bridge.inbox.values import Share, Status
from support_bridge.services import NOW
from support_bridge.web.commands import answers_plainly, as_json, print_json
from support_bridge.web.current import current_services


class Walk(Protocol):
    """How far one of Zendesk's exports was walked, and how it went."""

    @property
    def name(self) -> str: ...
    @property
    def watermark(self) -> datetime | None: ...
    @property
    def failed_at(self) -> datetime | None: ...
    @property
    def error_class(self) -> str | None: ...


class Requests(Protocol):
    """How many context requests wait, and how many were set aside, by error."""

    @property
    def waiting(self) -> int: ...
    @property
    def set_aside(self) -> Mapping[str, int]: ...


# Those tables are not the inbox's to read.
Walks = Callable[[Session], Iterable[Walk]]
Standing = Callable[[Session], Requests]

TOLD_OVER = timedelta(days=7)
# As many as a careless --from lets wait again at once; each hundred tickets of them are a read of Zendesk's.
MANY = 1000


class Time(click.ParamType[datetime]):
    """A date or a time, ISO 8601; UTC unless it says otherwise."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Fails with a usage error for what is neither."""
        try:
            said = datetime.fromisoformat(value)
            return said.replace(tzinfo=said.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("Say a date or a time, such as 2026-11-21 or 2026-11-21T14:30", param, ctx)


def commands(walks: Walks, requests: Standing) -> AppGroup:
    """The group."""
    inbox = AppGroup("inbox", help="What Zendesk told us and what became of it.")

    @inbox.command("status")
    @as_json
    @answers_plainly
    def show_status(as_json: bool) -> None:
        """Show what waits, is leased, settled, set aside and why, and how much Zendesk told us by itself."""
        now = datetime.now(UTC)
        since = (now - TOLD_OVER).date()
        with current_services().sessions() as session:
            said, told, walked = status(session, now), share(session, since), list(walks(session))
            asked = requests(session)
        if as_json:
            shares = {"changes": told.changes, "told": told.told, "share": told.part, "since": since}
            more = {"told": shares, "walks": {walk.name: _figures(walk) for walk in walked}}
            by_macro = {"waiting": asked.waiting, "set_aside": dict(asked.set_aside)}
            print_json({**asdict(said), **more, "context_requests": by_macro})
            return
        _tell_inbox(said)
        _tell_requests(asked)
        _tell_told(told, since)
        for walk in walked:
            click.echo(f"Export of {walk.name}: {_plainly(walk)}")

    @inbox.command("replay")
    @click.argument("delivery", type=click.IntRange(1, 10**18), nargs=-1)
    @click.option("--from", "since", type=Time(), help="That arrived at this time or later (UTC).")
    @click.option("--to", "until", type=Time(), help="That arrived before this time (UTC).")
    @click.option("--kind", default="", help="Of this kind, as status names them: ticket.comment_added, trigger.")
    @click.option("--error", default="", help="Whose last error was of this kind, as status names them.")
    @click.option("--set-aside", is_flag=True, help="That were set aside.")
    @click.option("--dry-run", is_flag=True, help="Only say how many.")
    @click.option("--yes", is_flag=True, help=f"Also when they are more than {MANY:,}.")
    @answers_plainly
    def replay_deliveries(delivery: tuple[int, ...], dry_run: bool, yes: bool, **rules: Any) -> None:
        """Have deliveries dealt with again: those for which everything that is named holds."""
        _do_again(Wanted(ids=delivery, **rules), dry_run=dry_run, yes=yes)

    return inbox


def _do_again(wanted: Wanted, *, dry_run: bool, yes: bool) -> None:
    services = current_services()
    with services.sessions.begin() as session:
        many = count(session, wanted)
        if dry_run:
            click.echo(f"{many:,} would wait again.")
            return
        if many > MANY and not yes:
            raise Refused(f"{many:,} would wait again: say --yes as well if that is meant")
        again = replay(session, wanted)
    services.wake(NOW)
    click.echo(f"{again:,} wait again.")


def _tell_inbox(said: Status) -> None:
    click.echo(
        f"{said.waiting:,} waiting, {said.leased:,} leased, {said.set_aside:,} set aside, {said.settled:,} settled"
    )
    if said.oldest_seconds is not None:
        click.echo(f"The oldest that is not done arrived {said.oldest_seconds:,.0f} s ago.")
    for one in said.set_aside_why:
        click.echo(f"Set aside: {one.count:,} {one.event_type} by {one.error}, the last on {one.newest:%d %b %Y %H:%M}")
    if said.set_aside:
        click.echo("To have those that were set aside dealt with again: flask inbox replay --set-aside")


def _tell_requests(asked: Requests) -> None:
    click.echo(f"Asked by macro or trigger, and not answered: {asked.waiting:,}")
    for error, n in asked.set_aside.items():
        click.echo(f"Set aside: {n:,} asked by macro or trigger, by {error}")


def _tell_told(told: Share, since: date) -> None:
    if told.part is None:
        click.echo(f"Since {since:%d %b %Y} Zendesk's export showed no change to hold its webhooks against.")
        return
    click.echo(f"Since {since:%d %b %Y} Zendesk told us {told.told:,} of {told.changes:,} changes: {told.part:.1%}")


def _figures(walk: Walk) -> dict[str, object]:
    return {"watermark": walk.watermark, "failed_at": walk.failed_at, "error": walk.error_class}


def _plainly(walk: Walk) -> str:
    far = f"looked at up to {walk.watermark:%d %b %Y %H:%M}" if walk.watermark else "not walked yet"
    return f"{far}; failing: {walk.error_class}" if walk.failed_at else far
