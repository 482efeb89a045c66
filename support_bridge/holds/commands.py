"""`flask holds …`"""

from collections.abc import Callable
from datetime import UTC, datetime

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.orm import Session

from support_bridge.holds import holding
from support_bridge.web.commands import answers_plainly, as_json, print_json, print_table
from support_bridge.web.current import current_services


def commands(deletion_of: Callable[[Session, int], str]) -> AppGroup:
    """The group; `deletion_of` says how far a ticket's deletion is, and refuses when it is gone for good."""
    holds = AppGroup("holds", help="Tickets that must be left alone.")

    @holds.command("place")
    @click.argument("ticket", type=click.IntRange(1, 10**18))
    @click.option("--reason", required=True, help="Why. No names: say which request or case.")
    @click.option(
        "--review-on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="When to ask whether it still holds."
    )
    @click.option("--as", "owner", required=True, help="Who places it: an id or a role, no address.")
    @answers_plainly
    def place(ticket: int, reason: str, review_on: datetime, owner: str) -> None:
        """Leave a ticket alone, whatever is due."""
        with current_services().sessions.begin() as session:
            begun = deletion_of(session, ticket)
            hold = holding.place(session, ticket, reason, owner, review_on.date(), datetime.now(UTC))
        click.echo(
            f"Hold {hold.id}: ticket {ticket} is left alone from now on. To be reviewed on {review_on:%d %b %Y}."
        )
        if begun:
            click.echo(begun)

    holds.add_command(release)
    holds.add_command(list_holds)
    return holds


@click.command("release")
@click.argument("hold", type=click.IntRange(1, 10**18))
@with_appcontext
@answers_plainly
def release(hold: int) -> None:
    """End a hold, by its number."""
    with current_services().sessions.begin() as session:
        ticket = holding.release(session, hold, datetime.now(UTC)).ticket_id
    click.echo(f"Hold {hold} on ticket {ticket} has ended.")


@click.command("list")
@as_json
@with_appcontext
@answers_plainly
def list_holds(as_json: bool) -> None:
    """List the holds that stand."""
    with current_services().sessions() as session:
        rows = [(h.reason, h.id, h.ticket_id, h.owner, h.review_on) for h in holding.holds(session)]
    if as_json:
        print_json([dict(zip(("reason", "id", "ticket", "owner", "review_on"), row, strict=True)) for row in rows])
        return
    print_table(("reason", "hold", "ticket", "owner", "review on"), rows)
