"""A whole service is used by everybody in every way, also in ways in which nobody should, while what stands behind it
fails; marks are in whatever anybody can say. Afterwards they are looked for wherever something is kept or said."""

import contextlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg
import pytest

from sandbox.databases import drop_database, fresh_database
from sandbox.servers import Servers
from sandbox.settings import public_url, service_settings
from sandbox.stage import Stage, free_port
from support_bridge.store.engine import make_engine
from support_bridge.store.migrate import upgrade
from support_bridge.tables import metadata
from tests.conftest import MINUTE_SECONDS, Sandbox
from tests.integration.canary import ids_and_secrets
from tests.integration.canary.cable import Cable, cable
from tests.integration.canary.keeping import files, keys, servers_files, since
from tests.integration.canary.marks import Piece, marked, quoted
from tests.integration.canary.relay import Relay, relay
from tests.integration.canary.scene import Scene
from tests.integration.canary.whole_run import play
from tests.integration.receiver import Receiver, assert_nobodys, receiving

PROCESSES = ("web", "worker", "deleter", "clock")
PROBES = ("/ping", "/healthcheck")
STATUSES = {200, 202, 302, 303, 400, 401, 403, 404, 405, 413, 422, 429, 500, 502, 503}
# Only the backfill writes it, and only numbers.
NOT_USED = {"export_walk"}


@pytest.fixture(scope="module")
def before_the_sandbox(sandbox: Sandbox) -> Iterator[Relay]:
    with relay(sandbox.url) as made:
        yield made


@pytest.fixture(scope="module")
def before_redis(redis_url: str) -> Iterator[Cable]:
    with cable(redis_url) as made:
        yield made


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as received:
        yield received


@pytest.fixture(scope="module")
def own_database_url(servers: Servers) -> Iterator[str]:
    """A database of this module's own, for its tables are broken to order."""
    name = f"support_bridge_test_canary_{os.getpid()}"
    url = fresh_database(servers, name)
    with psycopg.connect(url, autocommit=True) as connection, contextlib.suppress(psycopg.errors.InsufficientPrivilege):
        # Else PostgreSQL's own log quotes the rows that it is made to refuse here.
        connection.execute(f"ALTER DATABASE {name} SET log_error_verbosity = terse".encode())
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    yield url
    drop_database(servers, name)


@pytest.fixture(scope="module")
def settings(
    stage: Stage, own_database_url: str, before_redis: Cable, before_the_sandbox: Relay, receiver: Receiver
) -> dict[str, str]:
    port = free_port()
    usual = service_settings(
        database_url=own_database_url,
        redis_url=before_redis.url,
        port=port,
        sandbox_url=before_the_sandbox.url,
        minute_seconds=MINUTE_SECONDS,
        issuer=stage.start_sign_in(public_url(port)),
    )
    limits = {"ZENDESK_REQUESTS_PER_MINUTE": "100000", "CONTEXT_LOOKUPS_PER_HOUR": "100000"}
    return usual | limits | {"SENTRY_DSN": receiver.dsn, "TRUSTED_PROXIES": "1"}


@pytest.fixture(scope="module")
def written_before(servers: Servers) -> dict[Path, int]:
    """By PostgreSQL. What is said to Redis is kept on the way there: its own file tells of other tests' keys too."""
    return {path: size for path, size in servers_files(servers).items() if path.parent.name == "pg"}


@pytest.fixture(scope="module")
def scene(
    written_before: dict[Path, int], stage: Stage, sandbox: Sandbox, before_the_sandbox: Relay, before_redis: Cable,
    receiver: Receiver, settings: dict[str, str],
) -> Scene:  # fmt: skip
    return play(stage, sandbox, before_the_sandbox, before_redis, receiver, settings)


@pytest.fixture(scope="module")
def kept(scene: Scene, servers: Servers, written_before: dict[Path, int]) -> dict[str, list[Piece]]:
    """All that the service leaves behind, and all that it says to others, by the kind of place."""
    logs = [
        (name, text)
        for name, text in files([scene.stage.logs])
        if name.endswith(tuple(f"{one}.log" for one in PROCESSES))
    ]
    return {
        "rows": sorted(scene.rows),
        "Redis": [*keys(scene.settings["REDIS_URL"]), *scene.cable.said()],
        "logs": logs,
        "PostgreSQL's log": [since(path, start) for path, start in written_before.items()],
        "error reports": [(f"error report {number}", one.raw) for number, one in enumerate(scene.receiver.envelopes)],
        "commands": scene.outputs,
        "calls out": scene.relay.asked,
    }


def lines(scene: Scene, process: str) -> list[dict[str, object]]:
    """A process's log: each line is JSON, also when everything goes wrong."""
    return [json.loads(line) for line in scene.log(process).splitlines()]


def said(kept: dict[str, list[Piece]], places: Iterable[str], words: Iterable[str]) -> dict[str, list[str]]:
    found = {place: marked(kept[place], words) for place in places}
    return {place: where for place, where in found.items() if where}


@pytest.mark.timeout(300)
def test_everything_went_as_it_was_meant_to(scene: Scene) -> None:
    assert scene.amiss == []


def test_every_place_was_used(scene: Scene, kept: dict[str, list[Piece]]) -> None:
    assert {table for table, _ in kept["rows"]} >= set(metadata.tables) - NOT_USED
    assert {answer.status for answer in scene.answers} >= STATUSES
    assert {one.event["tags"]["process"] for one in scene.receiver.envelopes} == {*PROCESSES, "command"}
    assert len(kept["Redis"]) > 1000
    assert {b"LPUSH", b"EVALSHA"} & {word for _, word in kept["Redis"]}
    assert {"b'rq:failed:now'"} <= {key for key, _ in kept["Redis"]}
    called = {place.split()[-1].split("/")[1] for place, _ in kept["calls out"]}
    assert called - {"_sandbox"} == {"api", "oauth", "publish", "apply"}  # the test itself asks it for the app's key
    assert all(kept["commands"])


def test_every_answer_has_its_line_in_the_log_and_no_line_was_refused(scene: Scene) -> None:
    logged = {line["trace"]["id"] for line in lines(scene, "web") if line["message"] == "request"}  # type: ignore[index]
    answered = {
        value
        for answer in scene.answers
        for name, value in answer.headers
        if name == "X-Request-Id" and (answer.asked.split()[1] not in PROBES or answer.status != 200)
    }
    assert len(answered) > 1000
    assert answered <= logged
    messages = Counter(line["message"] for process in PROCESSES for line in lines(scene, process))
    assert messages["log line refused"] == 0


def test_no_answer_tells_of_anybody_but_whoever_asked(scene: Scene) -> None:
    assert marked(piece for answer in scene.answers for piece in answer.pieces()) == []


@pytest.mark.parametrize(
    "place", ["rows", "Redis", "logs", "PostgreSQL's log", "error reports", "commands", "calls out"]
)
def test_nothing_that_is_kept_or_said_elsewhere_tells_of_anybody(place: str, kept: dict[str, list[Piece]]) -> None:
    assert marked(kept[place]) == []


def test_an_error_report_holds_only_what_was_thought_about(scene: Scene) -> None:
    for report in scene.receiver.envelopes:
        assert_nobodys(report, scene.settings)


def test_ids_of_people_are_in_the_database_alone(kept: dict[str, list[Piece]]) -> None:
    elsewhere = [piece for place in kept if place not in ("rows", "calls out") for piece in kept[place]]
    assert quoted(elsewhere, ids_and_secrets.of_somebody()) == []


def test_no_secret_of_the_settings_is_said_anywhere(scene: Scene, kept: dict[str, list[Piece]]) -> None:
    secrets = ids_and_secrets.of_the_settings(scene)
    assert len(secrets) > 10
    assert said(kept, kept, secrets) == {}
    assert marked((piece for answer in scene.answers for piece in answer.pieces()), secrets) == []


def test_what_lets_somebody_in_is_theirs_alone(scene: Scene, kept: dict[str, list[Piece]]) -> None:
    keys_ = ids_and_secrets.handed_out(scene)
    assert len(keys_) > 50
    assert said(kept, kept, keys_) == {}
