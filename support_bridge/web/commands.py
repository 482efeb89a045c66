"""How a command answers: for people by default, JSON with `--json`; a refusal is one line and exit code 2."""

import functools
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from psycopg.errors import UndefinedTable
from sqlalchemy.exc import OperationalError, ProgrammingError

from support_bridge.errors import Refused, SupportBridgeError

P = ParamSpec("P")
R = TypeVar("R")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def answers_plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Turn our errors into one line and an exit code: 2 when refused, 1 when it failed."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except SupportBridgeError as error:
            stop(str(error), code=2 if isinstance(error, Refused) else 1)
        except OperationalError:
            stop("The database is away, or cannot answer now: see to DATABASE_URL, or try again", code=1)
        except ProgrammingError as error:
            if not isinstance(error.orig, UndefinedTable):
                raise
            stop("The database's tables are not there yet: flask db upgrade", code=1)

    return wrapped


def stop(message: str, *, code: int) -> NoReturn:
    """One line to standard error, and out."""
    click.echo(message, err=True)
    sys.exit(code)


def print_json(value: Any) -> None:
    """A value for programs."""
    click.echo(json.dumps(value, indent=2, default=str, ensure_ascii=False))


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows for people: first column to the left, the rest to the right."""
    table = [tuple(map(str, row)) for row in rows]
    widths = [max(len(cells[i]) for cells in [tuple(heads), *table]) for i in range(len(heads))]
    for row in [tuple(heads), *table]:
        first, rest = (
            row[0].ljust(widths[0]),
            [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)],
        )
        click.echo("  ".join([first, *rest]).rstrip())
