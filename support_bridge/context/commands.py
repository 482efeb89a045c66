"""`flask context …`"""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from support_bridge.context import rules
from support_bridge.context.answer import answer
from support_bridge.context.schemas import ContextSchema
from support_bridge.context.values import Context, Question
from support_bridge.web.commands import answers_plainly, as_json, print_json
from support_bridge.web.current import current_services

context = AppGroup("context", help="The provider and the application behind a ticket.")

NOTES = {
    "added": "Added to the ticket as an internal note.",
    "not_asked": "Not added to the ticket.",
    "closed": "Not added to the ticket: it is closed, and closed tickets take no notes.",
    "already_there": "The ticket already has this note.",
    "public": "Zendesk added the note as a PUBLIC comment. Redact it on the ticket at once.",
    "failed": "Not added to the ticket: nothing was found, or Zendesk did not take it.",
}


@context.command("ask")
@click.argument("ticket", type=click.IntRange(1, 10**18))
@click.option("--agent", type=click.IntRange(1, 10**18), required=True, help="Zendesk's id of the agent who asks.")
@click.option("--provider", help="Provider code, such as 1TZ.")
@click.option("--candidate", help="Candidate id, such as C1234.")
@click.option("--purpose", required=True, help="What for. It is kept: no personal data.")
@click.option("--note/--no-note", "add_note", help="Add what is found to the ticket, as an internal note.")
@as_json
@answers_plainly
def ask(
    ticket: int,
    agent: int,
    provider: str | None,
    candidate: str | None,
    purpose: str,
    add_note: bool,
    as_json: bool,
) -> None:
    """Look up a provider and an application for one ticket. The look-up is recorded."""
    services = current_services()
    question = Question(ticket, agent, purpose, provider, candidate, add_note)
    found = answer(
        question,
        sessions=services.sessions,
        zendesk=services.zendesk(bulk=False),
        publish=services.publish,
        apply=services.apply,
        clock=lambda: datetime.now(UTC),
    )
    if as_json:
        print_json(ContextSchema().dump(found))
        return
    _print(found)


def _print(context: Context) -> None:
    click.echo(rules.describe(context.found))
    for link in context.links:
        click.echo(f"{link.title}: {link.url}")
    click.echo(NOTES[context.note])
    click.echo(f"Look-up {context.lookup}, {context.looked_up_at:%d %b %Y %H:%M} UTC.")
