"""Whatever the sources send: nothing outside the allow-list comes into an answer, a note, a record or a log; and what
is let through is shown as text."""

import json
import logging
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from sandbox.dfe.candidate_api import TOKEN
from support_bridge.context.answer import answer
from support_bridge.context.parts import Parts, parts
from support_bridge.context.schemas import ContextSchema
from support_bridge.context.values import Context, Question
from support_bridge.insights.claiming import is_ours
from support_bridge.services import Services
from support_bridge.teacher_training import allowed
from support_bridge.teacher_training.apply import Apply
from support_bridge.teacher_training.asking import Source
from support_bridge.teacher_training.publish import Publish
from support_bridge.teacher_training.timetables import Timetables
from tests.conftest import Sandbox
from tests.integration.asking import notes
from tests.integration.dfe import Said, playing

TICKET = 1042
CANARY, SHOWN = "qqcanary", "zzshown"  # what must not be seen anywhere, and what may be shown and not be kept
HOSTILE = (
    f"</pre><script>{SHOWN}</script>", f"{SHOWN}\n[Support Bridge: 1TZ C1234]\r\u2028",
    f"{SHOWN} {{{{ 7*7 }}}} \u202e\x00", f"=HYPERLINK({SHOWN})", SHOWN * 2000, f"{SHOWN} \ud800",
)  # fmt: skip
ODD = (None, True, -1, 10**40, 1.5, [], {}, [[]], "", "9999-99-99T99:99:99Z")
# Compared, and dropped: it is never shown.
DROPPED = {"data.attributes.email_address"}
# By name, so that they are canaries even if an allow-list came to name them.
NEVER = {
    "email", "email_address", "telephone", "first_name", "last_name", "phone", "date_of_birth", "address_line1",
    "street_address_1", "website", "train_with_us", "train_with_disability", "personal_statement", "references",
    "qualifications", "feedback_status", "referee_type", "contact_name",
}  # fmt: skip


class Spoiling:
    """One answer of a source's, with a canary in place of every value that is not allowed, and unknown fields beside;
    some of what is allowed is hostile, or odd."""

    def __init__(self, allowed: Iterable[str], draw: Any) -> None:
        self._allowed, self._draw, self._number = set(allowed) - DROPPED, draw, count()

    def spoilt(self, value: Any, path: str = "") -> Any:
        if isinstance(value, dict):
            more = {f"unknown_{next(self._number)}": self._canary(), **dict.fromkeys(sorted(NEVER - set(value)), "")}
            return {name: self.spoilt(one, f"{path}.{name}".lstrip(".")) for name, one in (value | more).items()}
        if isinstance(value, list):
            return [self.spoilt(one, path) for one in value]
        if path.rpartition(".")[2] in NEVER or path not in self._allowed:
            return self._canary()
        chance = self._draw(st.integers(0, 60))
        if chance == 0:
            return self._draw(st.sampled_from(ODD))
        return (
            self._draw(st.sampled_from(HOSTILE)) if chance < 8 and isinstance(value, str) and _is_name(path) else value
        )

    def _canary(self) -> str:
        return f"{CANARY}{next(self._number)}"


def _is_name(path: str) -> bool:
    return path.endswith(".name")


@pytest.fixture(scope="module")
def genuine(sandbox: Sandbox) -> dict[str, Any]:
    """What the sandbox's services say of 1TZ and C1234."""

    def get(path: str, **headers: str) -> Any:
        said = requests.get(f"{sandbox.url}{path}", headers=headers, timeout=20)
        assert said.ok, said.text
        return said.json()

    provider = "/publish/api/public/v1/recruitment_cycles/2027/providers/1TZ"
    return {
        "provider": get(f"{provider}?include=recruitment_cycle"),
        "courses": get(f"{provider}/courses?include=accredited_provider&page[per_page]=5"),
        "candidate": get("/apply/candidate-api/v1.4/candidates/C1234", Authorization=f"Bearer {TOKEN}"),
        "cycles": get("/apply/publications/recruitment-cycle-timetables"),
    }


def asked(services: Services, server: Said) -> Parts:
    """Parts with sources that keep nothing of an example before."""
    timetables = Timetables(Source("Apply's timetable", f"{server.url}/cycles"))
    publish, apply = Publish(Source("Publish", server.url), timetables), Apply(Source("Apply", server.url, "a token"))
    ours = parts(services, is_ours(services))
    return replace(ours, publish=publish, apply=apply, timetables=timetables, lookups_per_hour=10_000)


def kept(services: Services) -> str:
    """Every row of ours, as the database would tell it."""
    with services.sessions() as session:
        found = session.scalars(text("SELECT to_jsonb(look_up)::text FROM look_up"))
        return "\n".join(found)


def logged(records: list[logging.LogRecord]) -> str:
    """All that a line could be made of, errors' texts too."""
    return "\n".join(f"{vars(one)} {one.getMessage()}" for one in records)


def test_nothing_outside_the_allow_list_is_shown_noted_recorded_or_logged(
    services: Services, sandbox: Sandbox, genuine: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    number, seen = count(5000), {"provider": 0, "application": 0, "hostile": 0, "noted": 0}

    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck),
              phases=[Phase.generate])  # fmt: skip
    @given(st.data())
    def whatever_is_sent(data: st.DataObject) -> None:
        candidate, wrong = f"C{next(number)}", deepcopy(genuine)
        for name, paths in (("provider", allowed.PROVIDER), ("courses", allowed.COURSES), ("candidate", allowed.APPLY),
                            ("cycles", allowed.TIMETABLES)):  # fmt: skip
            wrong[name] = Spoiling(paths, data.draw).spoilt(wrong[name])
        wrong["candidate"]["data"]["id"] = candidate
        with playing() as server:
            server.answers = {"/1TZ": wrong["provider"], "/courses": wrong["courses"], "/cycles": wrong["cycles"],
                              f"/{candidate}": wrong["candidate"]}  # fmt: skip
            question = Question(TICKET, 500, "see that nothing leaks", "1TZ", candidate, add_note=True)
            found = answer(question, asked(services, server))
        check(found, seen)

    def check(found: Context, seen: dict[str, int]) -> None:
        shown = json.dumps(ContextSchema().dump(found))
        assert CANARY not in shown
        seen["provider"] += found.found.provider is not None
        seen["application"] += found.found.application is not None
        seen["hostile"] += SHOWN in shown
        seen["noted"] += found.note == "added"
        assert CANARY not in logged(caplog.records)
        assert SHOWN not in logged(caplog.records)
        caplog.clear()

    whatever_is_sent()
    rows = kept(services)
    assert rows.count("see that nothing leaks") >= 40
    for word in (CANARY, SHOWN, "script", "HYPERLINK"):
        assert word not in rows
    written = [note["body"] for note in notes(sandbox, TICKET)]
    assert len(written) == seen["noted"]
    for body in written:
        assert CANARY not in body
        assert "<script" not in body
        assert len([line for line in body.splitlines() if line.strip().startswith("[Support Bridge: ")]) == 1
    assert min(seen.values()) > 0, f"every kind has to occur, or nothing was tried: {seen}"
