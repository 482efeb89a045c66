"""`flask doctor`, `flask zendesk check`"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from support_bridge.health.check import Check
from support_bridge.health.checks import all_checks
from support_bridge.health.zendesk import zendesk_checks
from support_bridge.web.commands import as_json, print_json
from support_bridge.web.current import current_services


@click.command("doctor")
@as_json
@with_appcontext
def doctor(as_json: bool) -> None:
    """Say what is wrong, in one screen; exit code 1 when something is."""
    _tell(all_checks(current_services()), as_json)


@click.group("zendesk")
def zendesk() -> None:
    """The Zendesk account."""


@zendesk.command("check")
@as_json
@with_appcontext
def check(as_json: bool) -> None:
    """Say what our credentials may do there, and whether the account is as the policies expect; exit code 1 when
    something is wrong."""
    _tell(zendesk_checks(current_services()), as_json)


def _tell(checks: Iterable[Check], as_json: bool) -> None:
    found = list(checks if as_json else _said(checks))
    if as_json:
        print_json([asdict(check) for check in found])
    sys.exit(0 if all(check.ok for check in found) else 1)


def _said(checks: Iterable[Check]) -> Iterator[Check]:
    """Each as it comes: some take a moment, for Zendesk is asked."""
    for check in checks:
        click.echo(f"{check.mark:<5}  {check.name:<14} {check.said}")
        yield check
