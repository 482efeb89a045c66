"""The way into PostgreSQL. Nothing waits for it longer than it says, also where it has stopped answering."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import CursorResult, Engine, Result, create_engine, event, make_url, text
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker

CONNECT_SECONDS = 2
STATEMENT_SECONDS = 30
# The server ends a statement itself; later than that it is the server, or the way to it, that is gone.
MUTE_SECONDS = STATEMENT_SECONDS + 5
CANCEL_SECONDS = 0.5
# A connection that was used this lately is taken without asking whether it lives.
FRESH_SECONDS = 1.0

RV = TypeVar("RV")
_until: ContextVar[float | None] = ContextVar("until", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Whatever this thread asks of the database in here must be answered by then, all together, or fails as if the
    connection were lost."""
    until = time.monotonic() + seconds
    before = _until.set(min(until, _until.get() or until))
    try:
        yield
    finally:
        _until.reset(before)


def is_over() -> bool:
    """Whether that time is over: what is asked now cannot be answered any more."""
    until = _until.get()
    return until is not None and time.monotonic() >= until


class Bounded(psycopg.Connection[Any]):
    """A connection that does not wait for ever for a server that is frozen, or behind a network that drops all."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As psycopg's own. A connection that was not answered is left: what came next would be an old answer."""
        until = _until.get()
        left = MUTE_SECONDS if until is None else max(0.0, until - time.monotonic())
        end = time.monotonic() + left
        try:
            return super().wait(gen, interval, left if timeout is None else min(left, timeout))
        except psycopg.OperationalError:
            if time.monotonic() >= end:
                self._leave()
            raise

    def _leave(self) -> None:
        """Close it, and have the server stop: it would wait on for a lock, and with each new try once more."""
        with suppress(psycopg.Error):
            self.cancel_safe(timeout=CANCEL_SECONDS)
        self.close()


def make_engine(database_url: str) -> Engine:
    """An engine for the URL that a platform gives (`postgres://…` and `postgresql://…` mean psycopg 3).

    It gives up connecting after two seconds: a webhook is answered 503 rather than kept waiting.
    """
    url = make_url(database_url)
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(
        url,
        hide_parameters=True,  # an error's text reaches logs; what was to be written must not
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c timezone=UTC -c statement_timeout={STATEMENT_SECONDS * 1000}",
        },
    )
    event.listen(engine, "do_connect", lambda dialect, record, words, named: Bounded.connect(*words, **named))
    event.listen(engine, "checkout", _ask_whether_it_lives)
    event.listen(engine, "checkin", _note_when_it_was_used)
    return engine


def _ask_whether_it_lives(connection: Any, record: Any, proxy: Any) -> None:
    """As pool_pre_ping does at every use, which costs a request more than what it then asks."""
    if time.monotonic() - record.info.get("used_at", time.monotonic()) < FRESH_SECONDS:
        return
    try:
        with within(CONNECT_SECONDS):
            connection.execute("")
            connection.rollback()
    except psycopg.Error as error:
        raise InvalidatePoolError from error  # the others of the pool are as old: they are made anew


def _note_when_it_was_used(connection: Any, record: Any) -> None:
    record.info["used_at"] = time.monotonic()


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
