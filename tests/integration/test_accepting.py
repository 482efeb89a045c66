"""Acknowledged only when committed, several in one commit, whatever becomes of PostgreSQL and Redis meanwhile."""

import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session, sessionmaker

from sandbox.servers import postgres
from sandbox.servers.daemon import until
from sandbox.servers.folder import servers_folder
from support_bridge.inbox import committing
from support_bridge.inbox.committing import Committing, DatabaseAway
from support_bridge.inbox.record import Row, record_all, row
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Heard
from support_bridge.services import Services
from support_bridge.store.engine import make_engine
from support_bridge.store.migrate import upgrade
from tests.integration.conftest import event_body, sign

URL = "/webhooks/zendesk"


class Database:
    """A PostgreSQL of the test's own, that may be stopped, frozen and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = postgres.start(folder).format(name="postgres")

    def start(self) -> None:
        postgres.start(self.folder)

    def stop(self) -> None:
        self.thaw()
        postgres.stop(self.folder)

    def freeze(self) -> None:
        """It takes connections, and says nothing."""
        for one in self._processes():
            one.suspend()

    def thaw(self) -> None:
        for one in self._processes():
            one.resume()

    def _processes(self) -> list[psutil.Process]:
        server = postgres.daemon(self.folder).process()
        return [server, *server.children(recursive=True)] if server else []


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    # Not in pytest's own folder, which is closed to the user that PostgreSQL is given where root runs this.
    folder = servers_folder(tmp_path_factory.mktemp("own"))
    database = Database(folder)
    engine = make_engine(database.url)
    upgrade(engine)
    engine.dispose()
    yield database
    database.stop()
    shutil.rmtree(folder)


@pytest.fixture
def database(own: Database) -> Iterator[Database]:
    yield own
    own.thaw()
    own.start()


@pytest.fixture
def app(another_app: Callable[..., Flask], database: Database) -> Flask:
    return another_app(DATABASE_URL=database.url)


def send(app: Flask, body: bytes | None = None) -> Any:
    body = event_body() if body is None else body
    return app.test_client().post(URL, data=body, headers=sign(body, invocation=f"i{hash(body)}"))


def row_of(number: int, **changes: Any) -> Row:
    return row(Heard("zen:event-type:ticket.created", number, invocation_id=f"i{number}"), datetime.now(UTC)) | changes


def kept(sessions: sessionmaker[Session]) -> list[str | None]:
    with sessions() as session:
        return list(session.scalars(select(Delivery.invocation_id).order_by(Delivery.invocation_id)))


def together(commits: Committing, engine: Engine, rows: list[Row]) -> list[Any]:
    """Hand them in while a commit is held up, so that all the others go in the next one."""
    with engine.connect() as holding, ThreadPoolExecutor(len(rows) + 1) as threads:
        holding.execute(text("LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE"))
        first = threads.submit(commits.record, row_of(1_000_000))
        assert until(lambda: commits._is_led and not commits._waiting, 5)
        said = [threads.submit(_said, commits, one) for one in rows]
        assert until(lambda: len(commits._waiting) == len(rows), 5)
        holding.rollback()
        assert first.result() is True
        return [one.result() for one in said]


def _said(commits: Committing, one: Row) -> Any:
    try:
        return commits.record(one)
    except Exception as error:
        return type(error).__name__


@pytest.fixture
def commits(services: Services) -> Committing:
    return Committing(services.engine)


def test_those_that_wait_go_in_one_commit(
    commits: Committing, services: Services, sessions: sessionmaker[Session]
) -> None:
    statements: list[str] = []
    event.listen(services.engine, "before_cursor_execute", lambda c, cursor, said, *rest: statements.append(said))
    assert together(commits, services.engine, [row_of(number) for number in range(8)]) == [True] * 8
    assert sum("INSERT INTO delivery" in said for said in statements) == 2
    with sessions() as session:
        assert session.scalar(text("SELECT count(DISTINCT xmin::text) FROM delivery")) == 2
    assert len(kept(sessions)) == 9


def test_of_the_same_one_twice_in_one_commit_one_is_new(
    commits: Committing, services: Services, sessions: sessionmaker[Session]
) -> None:
    said = together(commits, services.engine, [row_of(1), row_of(2), row_of(1), row_of(1, body_id="b")])
    assert said[1] is True
    assert sorted((said[0], said[2], said[3])) == [False, False, True]
    assert kept(sessions) == ["i1", "i1000000", "i2"]


def test_those_without_any_id_are_each_new(commits: Committing, services: Services) -> None:
    assert together(commits, services.engine, [row_of(1, invocation_id=None)] * 3) == [True] * 3


def test_one_that_the_database_will_not_have_takes_no_other_with_it(
    commits: Committing, services: Services, sessions: sessionmaker[Session]
) -> None:
    bad = [row_of(2, ticket_id=10**30), row_of(3, event_type=None), row_of(4, webhook_id="a\x00b")]
    said = together(commits, services.engine, [row_of(1), *bad, row_of(5)])
    assert said == [True, "DataError", "IntegrityError", "DataError", True]
    assert kept(sessions) == ["i1", "i1000000", "i5"]
    assert commits.record(row_of(6)) is True  # nobody is held to be away


def test_a_kind_that_nobody_knows_is_set_aside_as_it_comes(
    commits: Committing, sessions: sessionmaker[Session]
) -> None:
    heard = Heard("zen:event-type:ticket.sung_to", 1, known=False)
    assert commits.record(row(heard, datetime.now(UTC)))
    with sessions() as session:
        one = session.scalars(select(Delivery)).one()
    assert (one.set_aside_at, one.error_class) == (one.received_at, "UnknownEvent")


def test_two_processes_that_record_the_same_in_another_order_do_not_wait_for_each_other(services: Services) -> None:
    rows = [row_of(number) for number in range(5_000)]
    assert new_of_two_at_once(services, rows, rows[::-1]) == 5_000


def test_two_processes_that_record_the_same_events_of_two_webhooks_do_not_wait_for_each_other(
    services: Services,
) -> None:
    rows = [row_of(number, body_id=f"b{number:05}", invocation_id=f"one{number:05}") for number in range(5_000)]
    # By its own calls the other webhook tells them the other way round.
    others = [row_of(n, body_id=f"b{n:05}", invocation_id=f"two{5_000 - n:05}") for n in range(5_000)]
    assert new_of_two_at_once(services, rows, others) == 5_000


def new_of_two_at_once(services: Services, *each: list[Row]) -> int:
    begun = threading.Barrier(2)

    def record(these: list[Row]) -> int:
        with services.engine.begin() as connection:
            begun.wait()
            return sum(record_all(connection, these))

    with ThreadPoolExecutor(2) as processes:
        return sum(processes.map(record, each))


def test_a_table_that_is_locked_is_503_and_leaves_nobody_waiting_for_it(app: Flask, database: Database) -> None:
    assert send(app).status_code == 202
    with psycopg.connect(database.url) as holding:
        holding.execute("LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE")
        for _ in range(2):
            assert send(app).status_code == 503
            time.sleep(committing.PAUSE_SECONDS)
        assert until(lambda: _waiting_for_locks(holding) == 0, 2)
    assert send(app).status_code == 202


def _waiting_for_locks(connection: psycopg.Connection[Any]) -> int:
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    return int((connection.execute(query).fetchone() or (0,))[0])


def test_a_killed_connection_costs_nothing(app: Flask, database: Database) -> None:
    assert send(app).status_code == 202
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    assert send(app).status_code == 202


def test_a_database_that_was_restarted_is_used_again_at_once(app: Flask, database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert {one.status_code for one in threads.map(lambda _: send(app), range(16))} == {202}
    database.stop()
    database.start()
    assert send(app).status_code == 202


def test_with_the_database_stopped_each_is_503_at_once_and_soon_after_its_return_202(
    app: Flask, database: Database
) -> None:
    assert send(app).status_code == 202
    database.stop()
    began = time.monotonic()
    for _ in range(50):
        answer = send(app)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert time.monotonic() - began < 5
    database.start()
    time.sleep(committing.PAUSE_SECONDS)
    assert send(app).status_code == 202


def test_a_frozen_database_costs_a_few_a_wait_and_the_others_none(
    app: Flask, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    bodies = [event_body(id=f"evt-{number}") for number in range(12)]
    assert send(app).status_code == 202
    database.freeze()
    began = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        assert {one.status_code for one in threads.map(lambda body: send(app, body), bodies[:8])} == {503}
    assert time.monotonic() - began < 6
    said = [one.levelname for one in caplog.records if one.message == "database cannot answer"]
    assert said[0] == "ERROR"
    # One of these may be the one that asks again.
    began = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        assert {one.status_code for one in threads.map(lambda body: send(app, body), bodies * 4)} == {503}
    assert time.monotonic() - began < 10
    database.thaw()
    assert until(lambda: send(app).status_code == 202, 4)
    # What was told to come again comes again, and is kept once, whether or not it had been after all.
    assert {send(app, body).status_code for body in bodies} == {202}
    with psycopg.connect(database.url) as connection:
        (count,) = connection.execute("SELECT count(*) FROM delivery WHERE body_id LIKE 'evt-%'").fetchone() or (0,)
    assert count == 12


def test_a_database_that_is_starting_up_is_503_and_not_waited_for(app: Flask, database: Database) -> None:
    assert send(app).status_code == 202
    server = postgres.daemon(database.folder).process()
    assert server is not None
    server.send_signal(signal.SIGTERM)  # a smart stop: it waits for whoever is connected, and takes nobody new
    assert until(lambda: _refuses(database), 5)
    with pytest.raises(DatabaseAway), _committing(database) as commits:
        commits.record(row_of(1))
    app.extensions["support_bridge"].engine.dispose()
    database.stop()


def _refuses(database: Database) -> bool:
    try:
        psycopg.connect(database.url).close()
    except psycopg.OperationalError:
        return True
    return False


class _committing:  # noqa: N801  a context, and no more than that
    def __init__(self, database: Database) -> None:
        self.engine = make_engine(database.url)

    def __enter__(self) -> Committing:
        return Committing(self.engine)

    def __exit__(self, *_: Any) -> None:
        self.engine.dispose()


def test_a_redis_that_says_nothing_is_waited_for_once(
    mute: str, another_app: Callable[..., Flask], sessions: sessionmaker[Session]
) -> None:
    app = another_app(REDIS_URL=f"redis://{mute}/0")
    began = time.monotonic()
    assert {send(app).status_code for _ in range(10)} == {202}
    assert time.monotonic() - began < 5
    assert len(kept(sessions)) == 10
