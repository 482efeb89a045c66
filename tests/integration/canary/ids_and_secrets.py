"""Words that only one or two may know: the settings' secrets, and what browsers, programs and the service are given."""

from collections.abc import Iterator

from sandbox.sign_in.people import PEOPLE
from tests.integration.canary.programs import CANDIDATES
from tests.integration.canary.scene import Scene
from tests.integration.canary.trouble import SLOW_CANDIDATE, SPOILT_CANDIDATE
from tests.integration.canary.visitors import Answer, session_of
from tests.integration.receiver import KEY, SECRET_WORDS

IN_A_SESSION = ("key", "csrf_token", "id_token")


def of_the_settings(scene: Scene) -> list[str]:
    """What the settings keep to themselves."""
    return [KEY, *(value for name, value in scene.settings.items() if any(word in name for word in SECRET_WORDS))]


def handed_out(scene: Scene) -> list[str]:
    """What a browser, a program or the service shows to be let in somewhere."""
    sessions = {word for answer in scene.answers for word in _in_the_session(answer)}
    return [*scene.tokens.values(), *scene.relay.tokens, *sorted(sessions)]


def of_somebody() -> list[str]:
    """Ids of people: kept by the database alone, as the data map says, and shown to whoever may see them."""
    return [*(person.subject for person in PEOPLE.values()), *CANDIDATES, SLOW_CANDIDATE, SPOILT_CANDIDATE]


def _in_the_session(answer: Answer) -> Iterator[str]:
    for name, value in answer.headers:
        if name == "Set-Cookie":
            held = session_of(value)
            yield from (held[one] for one in IN_A_SESSION if one in held)
            yield from (data["code_verifier"] for data in _beginnings(held))


def _beginnings(held: dict[str, object]) -> Iterator[dict[str, str]]:
    """Of sign-ins: each keeps its verifier and its nonce until it is finished."""
    for name, value in held.items():
        if name.startswith("_state_") and isinstance(value, dict):
            yield value["data"]
