"""`flask people …`"""

from datetime import UTC, datetime, timedelta

import click
from flask.cli import AppGroup

from support_bridge.people import tokens
from support_bridge.people.rules import still_counts
from support_bridge.people.values import Role
from support_bridge.web.commands import answers_plainly, as_json, print_json, print_table
from support_bridge.web.current import current_services

people = AppGroup("people", help="Who may come in: tokens for the API.")


@people.command("token")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="What its bearer may do.")
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
def list_tokens(as_json: bool) -> None:
    """List the tokens, without themselves."""
    now = datetime.now(UTC)
    with current_services().sessions() as session:
        rows = [
            {
                "id": token.id,
                "role": token.role,
                "counts": still_counts(token.expires_at, token.revoked_at, now),
                "expires_at": token.expires_at,
                "last_used_at": token.last_used_at,
            }
            for token in tokens.tokens(session)
        ]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("role", "token", "counts", "expires", "last used"),
        [
            (
                r["role"],
                r["id"],
                "yes" if r["counts"] else "no",
                f"{r['expires_at']:%d %b %Y}",
                r["last_used_at"] or "never",
            )
            for r in rows
        ],
    )


@people.command("revoke")
@click.argument("token", type=click.IntRange(1, 10**18))
@answers_plainly
def revoke(token: int) -> None:
    """Revoke a token, by its number."""
    with current_services().sessions.begin() as session:
        tokens.revoke(session, token, datetime.now(UTC))
    click.echo(f"Token {token} is refused from now on.")
