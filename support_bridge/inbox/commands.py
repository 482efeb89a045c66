"""`flask inbox …`"""

from dataclasses import asdict
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from support_bridge.errors import Refused
from support_bridge.inbox.replay import replay
from support_bridge.inbox.status import status
from support_bridge.services import NOW
from support_bridge.web.commands import answers_plainly, as_json, print_json
from support_bridge.web.current import current_services

inbox = AppGroup("inbox", help="What Zendesk told us and what became of it.")


@inbox.command("status")
@as_json
@answers_plainly
def show_status(as_json: bool) -> None:
    """Show how many deliveries wait, are leased, set aside, settled."""
    with current_services().sessions() as session:
        said = status(session, datetime.now(UTC))
    if as_json:
        print_json(asdict(said))
        return
    click.echo(
        f"{said.waiting:,} waiting, {said.leased:,} leased, {said.set_aside:,} set aside, {said.settled:,} settled"
    )
    if said.oldest_seconds is not None:
        click.echo(f"The oldest that is not done arrived {said.oldest_seconds:,.0f} s ago.")
    if said.set_aside:
        click.echo("To have those that were set aside dealt with again: flask inbox replay --set-aside")


@inbox.command("replay")
@click.argument("delivery", type=click.IntRange(1, 10**18), nargs=-1)
@click.option("--set-aside", is_flag=True, help="All that were set aside.")
@answers_plainly
def replay_deliveries(delivery: tuple[int, ...], set_aside: bool) -> None:
    """Have deliveries dealt with again, by number."""
    if not delivery and not set_aside:
        raise Refused("Say which deliveries, or --set-aside")
    services = current_services()
    with services.sessions.begin() as session:
        count = replay(session, delivery, set_aside=set_aside)
    services.wake(NOW)
    click.echo(f"{count:,} wait again.")
