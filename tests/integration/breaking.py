"""Tables that are broken to order, and put right again: what a database then says is said by a real one."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

import psycopg
from psycopg import sql

from sandbox.servers import Servers


def hush(servers: Servers, database: str) -> None:
    """Have the server keep this database's errors to itself: its own log quotes the rows that are refused, and other
    tests look there for marks. Where that is not allowed, the log is not ours either."""
    with (
        psycopg.connect(servers.admin_url, autocommit=True) as connection,
        suppress(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(sql.SQL("ALTER DATABASE {} SET log_min_messages = panic").format(sql.Identifier(database)))


def broken(url: str, table: str, rule: str) -> AbstractContextManager[None]:
    """The database refuses rows that break the rule, and quotes them whole when it does."""
    rule = f"ALTER TABLE {table} ADD CONSTRAINT broken CHECK ({rule}) NOT VALID"
    return _altered(url, rule, f"ALTER TABLE {table} DROP CONSTRAINT broken")


def without(url: str, table: str, column: str) -> AbstractContextManager[None]:
    """The column is not there."""
    rename = f"ALTER TABLE {table} RENAME"
    return _altered(url, f"{rename} {column} TO elsewhere", f"{rename} elsewhere TO {column}")


@contextmanager
def _altered(url: str, change: str, back: str) -> Iterator[None]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(change.encode())
        try:
            yield
        finally:
            connection.execute(back.encode())
