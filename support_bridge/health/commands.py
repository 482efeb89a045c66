"""`flask doctor`"""

import sys
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from support_bridge.health.checks import all_checks
from support_bridge.web.commands import as_json, print_json
from support_bridge.web.current import current_services


@click.command("doctor")
@as_json
@with_appcontext
def doctor(as_json: bool) -> None:
    """Say what is wrong, in one screen; exit code 1 when something is."""
    found = all_checks(current_services())
    if as_json:
        print_json([asdict(check) for check in found])
    else:
        for check in found:
            click.echo(f"{'ok   ' if check.ok else 'WRONG'}  {check.name:<14} {check.said}")
    sys.exit(0 if all(check.ok for check in found) else 1)
