"""Whatever Publish and Apply send, and wherever they put somebody's name: nothing of it leaves the adapters, in what
they answer, in an error's words, or in a log."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.account import markers
from sandbox.dfe.candidates import candidates
from sandbox.dfe.course_list import courses
from sandbox.dfe.provider_list import providers
from support_bridge.errors import SupportBridgeError
from support_bridge.teacher_training import allowed
from support_bridge.teacher_training.apply import Apply
from support_bridge.teacher_training.asking import Source
from support_bridge.teacher_training.publish import Publish
from support_bridge.teacher_training.timetables import Timetables
from tests.integration.dfe import Said, playing
from tests.integration.test_timetables import ALL

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MARK = f"Ada {markers.MARKER} Lovelace"
CYCLE = {"type": "recruitment_cycles", "id": "9", "attributes": {"year": 2027, "application_start_date": MARK}}
# Where the texts stand that are shown: names of courses and organisations. Anything but a single text is not.
SHOWN = {path for path in (*allowed.APPLY, *allowed.COURSES, *allowed.PROVIDER) if path.endswith(".name")}
SHOWN |= {"data.attributes.code", "data.id"}

TEXTS = st.sampled_from([MARK, f" {MARK}\n", f"<b>{MARK}</b>", f"{markers.MARKER}@example.invalid", MARK.upper()])
NESTED = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, min_size=1, max_size=2) | st.dictionaries(TEXTS | st.just("name"), inner, min_size=1),
    max_leaves=4,
)
MARKED = TEXTS | NESTED


def few(record: dict[str, Any]) -> dict[str, Any]:
    """With a few of its attributes: what the allow-lists name, and as many others; more take long."""
    said = record["attributes"]
    read = {path.rpartition(".")[2] for path in (*allowed.PROVIDER, *allowed.COURSES)}
    return record | {
        "attributes": {name: said[name] for name in [*(read & said.keys()), *sorted(said.keys() - read)[:5]]}
    }


CANDIDATE = {"data": candidates()["C1236"]}
PROVIDER = {"data": few(providers()["A42"]), "included": [CYCLE]}
TRAINS = [few(course) for course in courses("A42")[:2]]
COURSES = {"data": TRAINS, "included": [few(providers()["1TZ"]), CYCLE], "links": {"next": None, "first": MARK}}
LIST = {"data": [few(one) for one in [*providers().values()][:2]], "links": {"next": None}}


class Heard(logging.Handler):
    """All that is logged, with tracebacks."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter("%(message)s").format(record) + repr(record.__dict__))


@pytest.fixture(scope="module")
def said() -> Iterator[Said]:
    with playing() as server:
        yield server


@pytest.fixture(scope="module")
def heard() -> Iterator[Heard]:
    handler, root = Heard(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


@st.composite
def spoilt(draw: st.DrawFn, answer: Any, paths: Any) -> Any:
    """The answer with somebody's name in every field that the allow-list does not name, and in new ones."""

    def spoil(value: Any, path: str) -> Any:
        if isinstance(value, list):
            return [spoil(one, path) for one in value]
        if not isinstance(value, dict):
            return value if path in paths else draw(MARKED)
        kept = {name: spoil(one, f"{path}.{name}" if path else name) for name, one in value.items()}
        return kept | ({draw(TEXTS): draw(MARKED), "note": draw(MARKED)} if draw(st.booleans()) else {})

    return spoil(answer, "")


def put(answer: Any, steps: list[str], value: Any) -> Any:
    """The answer with that value at that path, everywhere that it leads to."""
    if isinstance(answer, list):
        return [put(one, steps, value) for one in answer]
    if not isinstance(answer, dict):
        return answer
    return answer | {steps[0]: put(answer.get(steps[0]), steps[1:], value) if len(steps) > 1 else value}


def candidate(said: Said) -> Any:
    return Apply(Source("Apply", said.url), lambda: NOW).application("C1236")


def provider(said: Said) -> Any:
    return Publish(Source("Publish", said.url)).provider("A42", NOW)


def find(said: Said) -> Any:
    return Publish(Source("Publish", said.url)).find("sandbox", NOW)


def near(said: Said) -> Any:
    return Publish(Source("Publish", said.url)).near("A42")


def cycle(said: Said) -> Any:
    return Timetables(Source("Apply's timetable", f"{said.url}/timetables")).cycle(NOW)


ASKED: dict[str, tuple[Callable[[Said], Any], dict[str, tuple[Any, Any]]]] = {
    "candidate": (candidate, {"/C1236": (CANDIDATE, allowed.APPLY)}),
    "provider": (provider, {"/A42": (PROVIDER, allowed.PROVIDER), "/courses": (COURSES, allowed.COURSES)}),
    "find": (find, {"/providers": (LIST, allowed.PROVIDERS)}),
    "near": (near, {"/provider_suggestions": (LIST, allowed.SUGGESTIONS)}),
    "cycle": (cycle, {"/timetables": (ALL, allowed.TIMETABLES)}),
}


def told(ask: Callable[[Said], Any], said: Said) -> tuple[Any, str]:
    """What came out, and all the words that it came with."""
    try:
        found = ask(said)
    except SupportBridgeError as error:
        return None, f"{error!r} {error} {error.__cause__!r} {error.__context__!r}"
    return found, f"{found!r} {[asdict(one) for one in (found if isinstance(found, tuple) else (found,))]}"


FIELDS = [(asked, where, path) for asked, (_, answers) in ASKED.items() for where, (_, paths) in answers.items()
          for path in paths]  # fmt: skip
UNHURRIED = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("asked", ASKED)
@UNHURRIED
@given(data=st.data())
def test_what_no_allow_list_names_changes_nothing_of_the_answer(
    asked: str, data: st.DataObject, said: Said, heard: Heard
) -> None:
    ask, answers = ASKED[asked]
    said.answers, said.status = {where: answer for where, (answer, _) in answers.items()}, 200
    plain, _ = told(ask, said)
    said.answers = {where: data.draw(spoilt(answer, paths)) for where, (answer, paths) in answers.items()}
    found, words = told(ask, said)
    assert found == plain is not None
    assert markers.MARKER not in "".join([words, *heard.lines]).lower()


@pytest.mark.parametrize(("asked", "where", "path"), FIELDS)
@UNHURRIED
@given(value=MARKED)
def test_nobodys_name_comes_out_where_the_allow_list_expects_something_else(
    asked: str, where: str, path: str, value: Any, said: Said, heard: Heard
) -> None:
    ask, answers = ASKED[asked]
    said.answers, said.status = {one: answer for one, (answer, _) in answers.items()}, 200
    wrong = [value] if path in SHOWN and isinstance(value, str) else value
    said.answers[where] = put(said.answers[where], path.split("."), wrong)
    _, words = told(ask, said)
    assert markers.MARKER not in "".join([words, *heard.lines]).lower()


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 422, 429, 500, 503])
def test_nor_out_of_a_refusal(status: int, said: Said, heard: Heard) -> None:
    for ask, answers in ASKED.values():
        said.answers, said.status = dict.fromkeys(answers, {"errors": [{"error": MARK, "message": MARK}]}), status
        found, words = told(ask, said)
        assert found is None
        assert markers.MARKER not in "".join([words, *heard.lines]).lower()


@UNHURRIED
@given(value=MARKED)
def test_nor_out_of_an_answer_that_is_something_else_altogether(value: Any, said: Said, heard: Heard) -> None:
    for ask, answers in ASKED.values():
        said.answers, said.status = dict.fromkeys(answers, value), 200
        found, words = told(ask, said)
        assert found is None
        assert markers.MARKER not in "".join([words, *heard.lines]).lower()
