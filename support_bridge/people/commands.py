"""`flask people …`"""

import logging
from datetime import UTC, datetime, timedelta

import click
from flask.cli import AppGroup

from support_bridge.people import grants, tokens
from support_bridge.people.rules import still_counts
from support_bridge.people.tables import ApiToken, RoleGrant
from support_bridge.people.values import Role
from support_bridge.web.commands import answers_plainly, as_json, print_json, print_table
from support_bridge.web.current import current_services

logger = logging.getLogger(__name__)
GRANT_HEADS = ("role", "subject", "granted")
TOKEN_HEADS = ("role", "token", "counts", "expires", "last used")
ROLES = click.Choice([role.value for role in Role])

people = AppGroup("people", help="Who may come in: people by their roles, programs by tokens.")


@people.command("grant")
@click.argument("subject")
@click.option("--role", type=ROLES, required=True, help="What they may do.")
@answers_plainly
def grant(subject: str, role: str) -> None:
    """Give somebody a role, by DfE Sign-in's id of them. It counts from their next request on."""
    with current_services().sessions.begin() as session:
        is_new = grants.grant(session, subject, Role(role), datetime.now(UTC))
    logger.info("role granted", extra={"role": role})
    click.echo(f"They have the role {role} {'from now on' if is_new else 'already'}.")


def _subject_or_number(_: click.Context, __: click.Parameter, said: str) -> str | int:
    """A token's number is nothing but digits; a subject id never is."""
    if not said.isdecimal():
        return said
    if len(said) > 19 or not 1 <= int(said) <= 10**18:
        raise click.BadParameter("that is no token's number: flask people list")
    return int(said)


@people.command("revoke")
@click.argument("who", callback=_subject_or_number)
@click.option("--role", type=ROLES, help="Only this role of a person's.")
@answers_plainly
def revoke(who: str | int, role: str | None) -> None:
    """Take a person's roles, by their subject id, or a token, by its number. It counts from the next request on."""
    with current_services().sessions.begin() as session:
        if isinstance(who, int):
            tokens.revoke(session, who, datetime.now(UTC))
            said = f"Token {who} is refused from now on."
        else:
            count = grants.revoke(session, who, Role(role) if role else None)
            said = f"{count} role{'' if count == 1 else 's'} taken."
    logger.info("revoked", extra={"what": "token" if isinstance(who, int) else "role"})
    click.echo(said)


@people.command("token")
@click.option("--role", type=ROLES, required=True, help="What its bearer may do.")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True, help="How long it counts.")
@as_json
@answers_plainly
def make_token(role: str, days: int, as_json: bool) -> None:
    """Make a token for the API and show it, once."""
    with current_services().sessions.begin() as session:
        token = tokens.make(session, Role(role), timedelta(days=days), datetime.now(UTC))
    if as_json:
        print_json({"token": token, "role": role, "days": days})
        return
    click.echo(token)
    click.echo(f"Role {role}, for {days} days. It is not kept here: copy it now.", err=True)


@people.command("list")
@as_json
@answers_plainly
def list_people(as_json: bool) -> None:
    """List who has which role, and the tokens, without themselves."""
    now = datetime.now(UTC)
    with current_services().sessions() as session:
        people = [_grant_values(grant) for grant in grants.grants(session)]
        programs = [_token_values(token, now) for token in tokens.tokens(session)]
    if as_json:
        print_json({"people": people, "tokens": programs})
        return
    for title, rows, heads in (("People", people, GRANT_HEADS), ("Programs", programs, TOKEN_HEADS)):
        click.echo(f"{title}: {len(rows)}")
        if rows:
            print_table(heads, [tuple(map(_shown, row.values())) for row in rows])


def _grant_values(grant: RoleGrant) -> dict[str, object]:
    return {"role": grant.role, "subject": grant.subject, "granted_at": grant.granted_at}


def _token_values(token: ApiToken, now: datetime) -> dict[str, object]:
    return {
        "role": token.role,
        "id": token.id,
        "counts": still_counts(token.expires_at, token.revoked_at, now),
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
    }


def _shown(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%d %b %Y}"
        case None:
            return "never"
    return str(value)
