"""The way into PostgreSQL."""

from typing import Any

from sqlalchemy import CursorResult, Engine, Result, create_engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker

CONNECT_SECONDS = 2
STATEMENT_SECONDS = 30


def make_engine(database_url: str) -> Engine:
    """An engine for the URL that a platform gives (`postgres://…` and `postgresql://…` mean psycopg 3).

    It gives up connecting after two seconds: a webhook is answered 503 rather than kept waiting.
    """
    url = make_url(database_url)
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    return create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text reaches logs; what was to be written must not
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c timezone=UTC -c statement_timeout={STATEMENT_SECONDS * 1000}",
        },
    )


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose objects stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def answers(engine: Engine) -> bool:
    """Whether the database answers."""
    with engine.connect() as connection:
        return bool(connection.scalar(text("SELECT 1")) == 1)


def rows_changed(result: Result[Any]) -> int:
    """How many rows an UPDATE or DELETE changed."""
    assert isinstance(result, CursorResult)
    return result.rowcount
