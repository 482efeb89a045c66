"""`flask context …`"""

import click
from flask.cli import AppGroup

from support_bridge.context import words
from support_bridge.context.answer import answer
from support_bridge.context.parts import Asking
from support_bridge.context.schemas import ContextSchema
from support_bridge.context.values import Context, Question
from support_bridge.web.commands import answers_plainly, as_json, print_json

NOTES = {
    "added": "Added to the ticket as an internal note.",
    "not_asked": "Not added to the ticket.",
    "closed": "Not added to the ticket: it is closed, and closed tickets take no notes.",
    "already_there": "The ticket already has this note.",
    "public": "Zendesk added the note as a PUBLIC comment. Redact it on the ticket at once.",
    "failed": "Not added to the ticket: nothing was found, or Zendesk did not take it.",
}


def context(asking: Asking) -> AppGroup:
    """The group; `asking` gives the parts that a look-up needs."""
    group = AppGroup("context", help="The provider and the application behind a ticket.")

    @group.command("ask")
    @click.argument("ticket", type=click.IntRange(1, 10**18))
    @click.option("--agent", type=click.IntRange(1, 10**18), required=True, help="Zendesk's id of the agent who asks.")
    @click.option("--provider", help="Provider code, such as 1TZ, UKPRN, URN, or words of its name.")
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
        found = answer(Question(ticket, agent, purpose, provider, candidate, add_note, way="command"), asking())
        if as_json:
            print_json(ContextSchema().dump(found))
        else:
            _print(found)

    return group


def _print(context: Context) -> None:
    click.echo(words.describe(context.found, context.looked_up_at))
    for link in context.links:
        click.echo(f"{link.title}: {link.url}")
    click.echo(NOTES[context.note])
    click.echo(f"Look-up {context.lookup}, {words.at(context.looked_up_at)}.")
