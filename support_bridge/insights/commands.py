"""`flask insights …`"""

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import click
from flask.cli import AppGroup, with_appcontext

from support_bridge.errors import TryAgain
from support_bridge.insights.answering import answer, as_words
from support_bridge.insights.backfill import backfill
from support_bridge.insights.by_hand import FAILED, as_object, by_hand, in_words, wait_for
from support_bridge.insights.mirror import Registered
from support_bridge.insights.rules import METRICS
from support_bridge.insights.values import Answer, Cell
from support_bridge.web.commands import answers_plainly, as_json, print_json, print_table
from support_bridge.web.current import current_services
from support_bridge.zendesk.values import ExportPage, Unreadable

TRIES = 20
MOST_NAMED = 20


def commands(registered: Registered) -> AppGroup:
    """The group; `registered` tells which tickets were deleted by us and must not be mirrored again."""
    insights = AppGroup("insights", help="The numbers: fill the mirror, see what it missed, show a metric.")

    @insights.command("backfill")
    @click.option(
        "--again", is_flag=True, help="From the account's first ticket, not from where the last walk stopped."
    )
    @answers_plainly
    def fill(again: bool) -> None:
        """Fill the mirror from Zendesk's export, with progress."""
        started, seen = time.monotonic(), 0
        unreadable: list[Unreadable] = []
        try:
            for page in _pages(registered, again):
                seen += len(page.tickets)
                unreadable += page.unreadable
                said = f"{seen:,} tickets in {time.monotonic() - started:.0f} s"
                _say_progress(said)
        finally:  # where it stops half way, the next one goes on behind them
            _say_unreadable(unreadable)
        click.echo(f"Mirrored what Zendesk's export holds: {seen:,} tickets, deleted ones and repeats among them.")
        if unreadable:
            sys.exit(1)

    @insights.command("reconcile")
    @as_json
    @answers_plainly
    def catch_up(as_json: bool) -> None:
        """See at once what Zendesk did not tell us, as the clock does every five minutes."""
        reports = by_hand(current_services(), registered, _say_progress)
        if as_json:
            print_json({name: as_object(report) for name, report in reports.items()})
        else:
            for name, report in reports.items():
                click.echo(in_words(name, report))
        if any(report.state == FAILED for report in reports.values()):
            sys.exit(1)

    insights.add_command(show)
    return insights


def _say_progress(said: str) -> None:
    # One line that changes for a person; a line each where it is kept in a file.
    click.echo(f"\r{said} " if sys.stderr.isatty() else said, err=True, nl=not sys.stderr.isatty())


def _say_unreadable(rows: Sequence[Unreadable]) -> None:
    if rows:
        ids = [str(one.id) for one in rows if one.id is not None]
        named = f": tickets {', '.join(ids[:MOST_NAMED])}{' …' if ids[MOST_NAMED:] else ''}" if ids else ""
        click.echo(f"{len(rows):,} of an unknown shape could not be read, and are not mirrored{named}", err=True)


@click.command("show")
@click.argument("metric", required=False)
@click.option("--from", "first", help="First month, such as 2026-01; a year before the last unless said.")
@click.option("--to", "last", help="Last month; this one unless said.")
@as_json
@with_appcontext
@answers_plainly
def show(metric: str | None, first: str | None, last: str | None, as_json: bool) -> None:
    """Show a metric by month and service; without one, each that counts all hours."""
    names = [metric] if metric else [name for name in METRICS if not name.endswith("_business")]
    said = [answer(current_services(), name, first, last, datetime.now(UTC)) for name in names]
    if as_json:
        print_json(as_words(said[0]) if metric else [as_words(one) for one in said])
        return
    for one in said:
        _print(one)
        click.echo()
    _print_known(said[-1])


def _print(said: Answer) -> None:
    click.echo(f"{said.metric.id}: {said.metric.definition} ({said.metric.unit})")
    services = sorted({cell.service for cell in said.cells})
    cells = {(cell.month, cell.service): cell for cell in said.cells}
    rows = [
        (f"{month:%Y-%m}", *(_words(said, cells[month, service]) for service in services))
        for month in sorted({cell.month for cell in said.cells})
    ]
    print_table(("month", *services), rows)


def _print_known(said: Answer) -> None:
    known = f"{said.watermark:%d %b %Y %H:%M} UTC" if said.watermark else "nothing yet"
    share = "not known before a backfill" if said.completeness is None else f"{said.completeness:.1%}"
    click.echo(f"Known up to {known}; complete: {share}. c: a small number, suppressed.")


def _words(said: Answer, cell: Cell) -> str:
    if said.metric.is_counted or cell.n == "c":
        return str(cell.n)
    if cell.median is None:
        return "-"
    return f"{cell.median:,} (n {cell.n})" if isinstance(cell.median, int) else f"{cell.median} (n {cell.n})"


def _pages(registered: Registered, again: bool) -> Iterator[ExportPage]:
    """The walk, waiting where Zendesk's limit for exports says so; it goes on where it was."""
    services = current_services()
    for _ in range(TRIES):
        reading = services.zendesk(bulk=True).reading
        walk = backfill(
            services.sessions, reading, services.policies, registered, lambda: datetime.now(UTC), again=again
        )
        try:
            for page in walk:
                again = False
                yield page
            return
        except TryAgain as error:
            wait_for(error, _say_progress)
    raise TryAgain("Zendesk's export did not answer; run it again, it goes on where it was")
