"""Libraries that are made to tell all they can tell nothing that is somebody's, whatever level they are set to."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from sandbox.settings import SIGN_IN_CLIENT_ID, SIGN_IN_SECRET, public_url
from sandbox.sign_in.people import PEOPLE
from sandbox.stage import CHECKOUT, Stage, clean_environ
from support_bridge.people.grants import grant
from support_bridge.people.values import Role
from support_bridge.services import Services
from tests.integration.canary.ids_and_secrets import of_somebody
from tests.integration.canary.marks import marked, quoted
from tests.integration.desk import now

# Before and after the service says what may be told: whoever sets a level then has the last word.
REQUESTS = 12
WHEN = ("before", "after")
ONE_TIME = ("code_verifier", "id_token", "access_token", "Bearer")


@pytest.fixture(scope="module")
def issuer(stage: Stage) -> Iterator[str]:
    yield stage.start_sign_in(public_url(3000))
    stage.kill("sign-in")


@pytest.fixture(scope="module")
def told_before() -> dict[str, bytes]:
    """What was said already: it takes some seconds each time."""
    return {}


@pytest.fixture(params=WHEN)
def said(
    request: pytest.FixtureRequest,
    issuer: str,
    environ: dict[str, str],
    services: Services,
    told_before: dict[str, bytes],
) -> bytes:
    """All that the service says in a process of its own in which everybody talks."""
    with services.sessions.begin() as session:
        grant(session, PEOPLE["rights"].subject, Role.RIGHTS, now())
    signing_in = {
        "PUBLIC_URL": public_url(3000),
        "DFE_SIGN_IN_ISSUER": issuer,
        "DFE_SIGN_IN_CLIENT_ID": SIGN_IN_CLIENT_ID,
        "DFE_SIGN_IN_SECRET": SIGN_IN_SECRET,
    }
    if request.param not in told_before:
        told_before[request.param] = _talk(request.param, clean_environ() | environ | signing_in)
    return told_before[request.param]


def test_only_the_service_itself_is_heard(said: bytes) -> None:
    assert said.count(b'"message":"request"') == REQUESTS
    assert b'"logger":"sqlalchemy.' not in said


def test_however_much_is_told_it_is_nothing_of_anybody(said: bytes) -> None:
    assert marked([("what it said", said)]) == []


def test_however_much_is_told_no_id_of_a_person_and_no_key_is(said: bytes) -> None:
    assert quoted([("what it said", line) for line in said.splitlines()], (*of_somebody(), *ONE_TIME)) == []


def _talk(when: str, settings: dict[str, str]) -> bytes:
    words = [sys.executable, "-m", "tests.integration.canary.talking", when]
    done = subprocess.run(words, cwd=CHECKOUT, env=settings, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout + done.stderr
