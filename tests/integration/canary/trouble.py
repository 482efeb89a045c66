"""Things go wrong: every server behind the service says nonsense or nothing, tables break, Redis goes away."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import redis
import requests

from sandbox.dfe.provider_codes import CODES
from sandbox.servers.daemon import until
from sandbox.sign_in.people import PEOPLE
from support_bridge.people.values import Role
from tests.integration.breaking import broken, without
from tests.integration.canary import console
from tests.integration.canary.deliveries import FULL, URL, tell
from tests.integration.canary.nonsense import NONSENSE, Spoilt, somebody
from tests.integration.canary.programs import ASKED, CONTEXT
from tests.integration.canary.scene import Scene
from tests.integration.canary.staff import HERE, HOLD
from tests.integration.conftest import event_body, sign
from tests.integration.receiver import EMAIL, PERSON

# A name: fit to be kept as far as a machine can tell, and so kept, unless the database does not take it.
WORDS = f"{PERSON} asks"
TICKET = "/api/v2/tickets/1042.json"
READ_AGAIN = "/api/v2/tickets/show_many.json"
SLOW_TICKET, SLOW_CANDIDATE, SPOILT_CANDIDATE = 1055, "C1300", "C1301"
SLOW = {f"tickets/{SLOW_TICKET}.json": 16, f"candidates/{SLOW_CANDIDATE}": 7}  # a second more than is waited for
MISCHIEF: tuple[dict[str, Any], ...] = (
    {"claims": {"iss": f"https://{PERSON}.example.invalid/{EMAIL}"}},
    {"claims": {"nonce": EMAIL, "name": PERSON}},
    {"claims": {"aud": PERSON, "email": EMAIL}},
    {"claims": {"exp": EMAIL}},
    {"claims": {"sub": EMAIL}},
    {"json": {"error": "invalid_client", "error_description": EMAIL}},
    {"json": {"error": EMAIL, "error_description": PERSON}},
    {"json": {"id_token": f"{PERSON}.{PERSON}.{PERSON}"}},
    {"json": {"id_token": EMAIL, "access_token": PERSON}},
    {"path_prefix": "/userinfo", "status": 500},
    {"status": 503},
    {"status": 200},
)
FAILED = "SELECT count(*) FROM delivery WHERE error_class <> 'UnknownEvent'"
FORGET_FAILED = "DELETE FROM delivery WHERE error_class <> 'UnknownEvent'"


def wait_for_nothing(scene: Scene, pool: ThreadPoolExecutor) -> list["Future[requests.Response]"]:
    """Ask for what does not come in time; other things go on meanwhile."""
    for part, seconds in SLOW.items():
        scene.relay.spoilt[part] = Spoilt(somebody(), seconds=seconds)
    agent = scene.program(Role.AGENT)
    paths = {CONTEXT.replace("1042", str(SLOW_TICKET)): "C1234", CONTEXT: SLOW_CANDIDATE}
    return [pool.submit(agent.ask, "POST", path, json={**ASKED, "candidate": one}) for path, one in paths.items()]


def play(scene: Scene) -> None:
    """One trouble after another; after each the service is well again."""
    _hear_nonsense(scene)
    _come_from_nonsense(scene)
    _break_what_is_asked_first(scene)
    _break_us(scene)
    _break_what_is_written(scene)
    _break_jobs(scene)
    _lose_redis(scene)
    scene.look()


def _hear_nonsense(scene: Scene) -> None:
    """From Zendesk's reads, its comments and its tokens, from Publish and from Apply."""
    agent, asked = scene.program(Role.AGENT), {**ASKED, "candidate": SPOILT_CANDIDATE, "add_note": True}
    for (name, answer), code in zip(NONSENSE.items(), CODES[1:], strict=False):
        for part in (TICKET, "/api/v2/tickets/1042/comments", "/publish/", "/apply/"):
            with scene.relay.answering(part, answer):
                # Of Publish another provider each, for what it said of one is kept for hours.
                unkept = {"provider": code} if part == "/publish/" else {}
                got = agent.ask("POST", CONTEXT, json=asked | unkept)
            _wait_no_longer(scene)
            told = got.status_code >= 400 or got.json()["unavailable"] or got.json()["note"] == "failed"
            scene.expect(f"{name} from {part} is seen", bool(told), True)
    with scene.relay.answering(TICKET, replace(NONSENSE["an error"], status=401)):
        for answer in NONSENSE.values():
            with scene.relay.answering("/oauth/tokens", answer):
                agent.ask("POST", CONTEXT, json=ASKED)
    _wait_no_longer(scene)
    scene.expect("then it is well again", agent.ask("POST", CONTEXT, json=ASKED).status_code, 200)


def _wait_no_longer(scene: Scene) -> None:
    """The seconds that a 429 asked for are over: what comes after it is asked for again."""
    with redis.Redis.from_url(scene.settings["REDIS_URL"]) as client:
        for pause in client.scan_iter("support-bridge:budget:*"):
            client.delete(pause)


def _come_from_nonsense(scene: Scene) -> None:
    """A sign-in provider that says something else than it should; without a name, somebody comes in all the same."""
    faults = f"{scene.issuer}/_sandbox/faults"
    for mischief in MISCHIEF:
        visitor = scene.visitor("insights")
        left = visitor.ask("GET", "/auth/dfe").headers["Location"]
        requests.post(faults, json={"path_prefix": "/oauth2/token", **mischief}, timeout=5)
        button = {"sub": PEOPLE["insights"].subject}
        back = requests.post(left, data=button, allow_redirects=False, timeout=10).headers["Location"]
        is_in = visitor.come_back(back).status_code == 302
        scene.expect(f"{mischief} lets in", is_in, mischief.get("path_prefix") == "/userinfo")
        requests.delete(faults, timeout=5)
    query = {"error": PERSON, "error_description": EMAIL, "state": PERSON, "code": EMAIL}
    scene.visitor("insights").ask("GET", "/auth/dfe/callback", params=query)


def _break_what_is_asked_first(scene: Scene) -> None:
    """Who comes cannot be told."""
    program, visitor = scene.program(Role.AGENT), scene.visitor("rights")
    with _without(scene, "api_token", "expires_at"):
        _expect_no_answer(scene, program.ask("POST", CONTEXT, json={**ASKED, "purpose": WORDS}))
    visitor.sign_in()
    with _without(scene, "staff_session", "seen_at"):
        _expect_no_answer(scene, visitor.ask("GET", "/holds", params={"q": EMAIL}))


def _break_us(scene: Scene) -> None:
    """A row that our own code stumbles over: a fault that nobody thought of."""
    scene.change("INSERT INTO desk_name (kind, id, name, read_at) VALUES ('odd', 1, 'odd', now())")
    got = scene.program(Role.AGENT).ask("POST", CONTEXT, json={**ASKED, "purpose": WORDS})
    scene.expect("what nobody thought of", got.status_code, 500)
    scene.change("DELETE FROM desk_name WHERE kind = 'odd'")


def _break_what_is_written(scene: Scene) -> None:
    """The database quotes the row that it does not take, and the row is somebody's."""
    program, visitor, zendesk = scene.program(Role.AGENT), scene.visitor("rights"), scene.visitor("Zendesk")
    visitor.sign_in()
    form = HOLD | {"reason": WORDS, "csrf_token": visitor.key()}
    body = event_body(1042, **FULL | {"type": f"zen:{PERSON}"})
    with _refusing(scene, "look_up", "purpose"):
        _expect_no_answer(scene, program.ask("POST", CONTEXT, json={**ASKED, "purpose": WORDS}))
        console.run(scene, *console.ASK, "--provider", "1TZ", "--purpose", WORDS, code=1)
    with _refusing(scene, "hold", "reason"):
        _expect_no_answer(scene, visitor.ask("POST", "/holds", data=form, headers=HERE))
    with broken(scene.settings["DATABASE_URL"], "delivery", "ticket_id <> 1042"):
        _expect_no_answer(scene, zendesk.ask("POST", URL, data=body, headers=sign(body)))


def _break_jobs(scene: Scene) -> None:
    """A batch that cannot be read, and a job that fails whole."""
    zendesk = scene.visitor("Zendesk")
    for name in ("words for values", "not understood", "cut short"):
        with scene.relay.answering(READ_AGAIN, NONSENSE[name]):
            tell(scene, zendesk, (1042,))
            scene.wait(FAILED, 1)
            scene.change(FORGET_FAILED)
    with _without(scene, "delivery", "leased_until"):
        console.run(scene, "inbox", "replay", "--set-aside")  # the clock, which would wake the worker, cannot look
        failed = until(lambda: "job failed" in scene.log("worker") and "database cannot" in scene.log("clock"), 20)
        scene.expect("a job failed, and the clock said so", failed, True)


def _lose_redis(scene: Scene) -> None:
    """For a while: it is asked for by everybody, and nothing stands still."""
    zendesk, guesser, visitor = scene.visitor("Zendesk"), scene.visitor("a guesser"), scene.visitor("insights")
    before = scene.log("worker")
    scene.cable.cut()
    scene.expect("signed in", visitor.sign_in().status_code, 302)
    guesser.ask("POST", CONTEXT, json=ASKED, headers={"Authorization": f"Bearer {EMAIL}"})
    tell(scene, zendesk, (1043,))
    noticed = until(lambda: "redis" in scene.log("worker").removeprefix(before).lower(), 10)
    scene.expect("the worker says that Redis is away", noticed, True)
    scene.cable.mend()
    healthy = until(lambda: requests.get(f"{scene.url}/healthcheck", timeout=5).ok, 30)
    scene.expect("all is well again", healthy, True)


def _expect_no_answer(scene: Scene, got: requests.Response) -> None:
    scene.expect(f"{got.request.method} {got.request.url} fails", got.status_code >= 500, True)


def _without(scene: Scene, table: str, column: str) -> AbstractContextManager[None]:
    return without(scene.settings["DATABASE_URL"], table, column)


def _refusing(scene: Scene, table: str, column: str) -> AbstractContextManager[None]:
    return broken(scene.settings["DATABASE_URL"], table, f"{column} NOT LIKE '%{PERSON}%'")
