"""Several deliveries in one commit: whoever comes while one runs goes with the next, and waits for it.

A commit costs the database a write to its disk, and this process more than the rest of a request. The first to come
commits for all who wait; when it is done it hands over to the first of those who came meanwhile. So there is no thread
beside the requests' own: nothing to start after a fork, and nothing in hand when the last request is answered.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from support_bridge.errors import TryAgain
from support_bridge.inbox.record import Row, record_all
from support_bridge.store.engine import is_over, within

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0  # of one delivery for its commit
PAUSE_SECONDS = 0.5  # before a database that was away is asked again
MOST = 200  # deliveries in one commit


class DatabaseAway(TryAgain):
    """The database cannot take it now; nothing was acknowledged."""


@dataclass(eq=False)
class _Waiting:
    row: Row
    called: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    is_new: bool | None = None
    error: Exception | None = None


class Committing:
    """For one process. While the database is known to be away one delivery at a time asks it, and the others are
    refused at once: threads that all wait for it would leave none to answer anything else."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")  # the statement is the transaction
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._is_led = False
        self._away = False
        self._said = False  # that it is
        self._not_before = 0.0  # of time.monotonic()
        # Whoever leads has it, and hands it over: taken from the pool and given back for each commit, it cost as much
        # as the commit.
        self._connection: Connection | None = None

    def record(self, row: Row) -> bool:
        """Whether it is new, once that is committed. Raises DatabaseAway, or what the database had against the row."""
        mine = _Waiting(row)
        self._enter(mine)
        if not mine.leads and not mine.called.wait(PATIENCE_SECONDS):
            self._give_up(mine)
        if mine.leads:
            self._lead()
        if mine.error is not None:
            raise mine.error
        assert mine.is_new is not None
        return mine.is_new

    def _enter(self, mine: _Waiting) -> None:
        with self._lock:
            if self._away and (self._is_led or time.monotonic() < self._not_before):
                raise DatabaseAway("The database is away")
            self._waiting.append(mine)
            if not self._is_led:
                self._is_led = mine.leads = True

    def _give_up(self, mine: _Waiting) -> None:
        """Its patience is over; unless it was called at that very moment."""
        with self._lock:
            if mine.called.is_set():
                return
            self._away = True  # whoever leads has had no answer in all this time
            if mine in self._waiting:
                self._waiting.remove(mine)
        raise DatabaseAway("The database does not answer")

    def _lead(self) -> None:
        """Commit for all who wait, and hand over to the first who came meanwhile."""
        with self._lock:
            batch = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        unused = None
        try:
            self._commit(batch)
        finally:
            with self._lock:
                self._is_led = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].leads = True
                    self._waiting[0].called.set()
                else:
                    unused, self._connection = self._connection, None
            for one in batch:
                one.called.set()
            if unused is not None:
                unused.close()

    def _commit(self, batch: Sequence[_Waiting]) -> None:
        try:
            said = self._write([one.row for one in batch])
        except DBAPIError as error:
            if _is_away(error):
                self._stay_away(batch, error)
            else:
                self._away = False
                self._one_by_one(batch, error)
        except Exception as error:  # whatever it was, nobody must wait for it in vain
            self._stay_away(batch, error)
        else:
            self._away = self._said = False
            for one, is_new in zip(batch, said, strict=True):
                one.is_new = is_new

    def _one_by_one(self, batch: Sequence[_Waiting], error: DBAPIError) -> None:
        """One that the database will not have must not take the others with it."""
        if len(batch) == 1:
            batch[0].error = error
            return
        for one in batch:
            if self._away:  # by now
                one.error = DatabaseAway("The database is away")
            else:
                self._commit([one])

    def _write(self, rows: Sequence[Row]) -> list[bool]:
        with within(PATIENCE_SECONDS):
            try:
                return self._insert(rows)
            except DBAPIError as error:
                if not error.connection_invalidated or is_over():
                    raise
                # It may have been lost long ago, or restarted. Whatever became of the rows, once more does no harm.
                return self._insert(rows)

    def _insert(self, rows: Sequence[Row]) -> list[bool]:
        if self._connection is None:
            self._connection = self._engine.connect()
        try:
            return record_all(self._connection, rows)
        except BaseException:
            failed, self._connection = self._connection, None
            failed.close()
            raise

    def _stay_away(self, batch: Sequence[_Waiting], error: Exception) -> None:
        # Said at each try, but an error only at the first.
        logger.log(logging.WARNING if self._said else logging.ERROR, "database cannot answer", exc_info=error)
        self._away = self._said = True
        self._not_before = time.monotonic() + PAUSE_SECONDS
        for one in batch:
            one.error = DatabaseAway("The database cannot answer")


def _is_away(error: DBAPIError) -> bool:
    """Not reached, lost, being started or stopped, or out of room; and not a fault of the row's."""
    state = getattr(error.orig, "sqlstate", None) or "08"
    is_about_the_server = isinstance(error, OperationalError) and state.startswith(("08", "53", "57P"))
    return error.connection_invalidated or is_about_the_server
