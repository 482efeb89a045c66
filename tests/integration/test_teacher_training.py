"""Publish and Apply: asked by GET, read through an allow-list."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from support_bridge.errors import NeedsAPerson, NotFound, Refused, TryAgain
from support_bridge.services import Services
from support_bridge.teacher_training import allowed
from support_bridge.teacher_training.apply import Apply
from support_bridge.teacher_training.asking import Source
from support_bridge.teacher_training.publish import Publish
from support_bridge.teacher_training.values import Application
from tests.conftest import Sandbox
from tests.integration.dfe import Said, courses, playing, provider

BEFORE_OCTOBER, OCTOBER = datetime(2026, 9, 30, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
FORM = {"id": 7, "recruitment_cycle_year": 2026, "application_status": "recruited", "first_name": "Ada"}


@pytest.fixture
def said() -> Iterator[Said]:
    with playing() as server:
        yield server


def publish(said: Said) -> Publish:
    return Publish(Source("Publish", f"{said.url}/v1"))


def apply(said: Said) -> Apply:
    return Apply(Source("Apply", f"{said.url}/v1.4", "a-token"))


def candidate(*forms: Any, email: str = "ada@example.invalid") -> dict[str, Any]:
    return {"data": {"id": "C1234", "attributes": {"email_address": email, "application_forms": list(forms)}}}


def test_a_provider_is_read_with_its_courses_in_the_cycle_that_the_answer_names(services: Services) -> None:
    assert services.publish is not None
    now = datetime.now(UTC)
    found = services.publish.provider("1tz", now)
    assert (found.code, found.name) == ("1TZ", "Sandbox Institute of Teaching, North Campus")
    assert found.recruitment_cycle == now.year + (now.month >= 10)
    assert found.courses


def test_the_cycle_turns_in_october(said: Said) -> None:
    said.answers = {"/1TZ": provider(), "/courses": courses()}
    for at in (BEFORE_OCTOBER, OCTOBER):
        publish(said).provider("1TZ", at)
    assert [path.split("/")[3] for path in said.asked] == ["2026", "2026", "2027", "2027"]


def test_what_publish_calls_true_is_true_and_stray_spaces_go(said: Said) -> None:
    said.answers = {"/1TZ": provider(name=" A ", accredited_body="true"), "/courses": courses(" B ")}
    found = publish(said).provider("1TZ", OCTOBER)
    assert (found.name, found.accredited, found.courses[0].name, found.courses[0].open) == ("A", True, "B", True)


def test_a_candidates_applications_are_read_and_nobodys_name_or_address(services: Services, sandbox: Sandbox) -> None:
    assert services.apply is not None
    found = services.apply.application("C1234")
    assert (found.candidate, found.removed) == ("C1234", False)
    assert found.forms[0].choices
    assert "sbxperson" not in str(asdict(found)).lower()
    assert [one["path"] for one in sandbox.log("apply")][-1].endswith("/candidates/C1234")


def test_of_a_removed_candidate_only_that_is_said(services: Services) -> None:
    assert services.apply is not None
    found = services.apply.application("C1240")
    assert (found.removed, found.forms) == (True, ())


def test_a_removed_candidate_says_nothing_of_their_applications(said: Said) -> None:
    said.answers = {"/C1234": candidate(FORM, email="Deleted-application-AB1234@example.com".lower())}
    assert apply(said).application("C1234") == Application("C1234", removed=True, forms=())
    said.answers = {"/C1234": {"data": {"id": "C1234", "attributes": {"email_address": None, "application_forms": []}}}}
    with pytest.raises(NeedsAPerson):  # whether they asked to go cannot be told
        apply(said).application("C1234")


def test_interviews_that_take_place_are_counted_and_the_next_is_told(said: Said) -> None:
    times = ["2026-09-01T10:00:00Z", "2026-10-02T10:00:00+01:00", "2026-12-01T10:00:00Z"]
    cancelled = {"date_and_time": "2026-10-01T12:00:00Z", "cancelled_at": "2026-09-30T10:00:00Z"}
    interviews = [cancelled, *({"date_and_time": at, "cancelled_at": None} for at in reversed(times))]
    choice = {"id": 1, "status": "interviewing", "interviews": interviews}
    said.answers = {"/C1234": candidate(FORM | {"application_choices": {"data": [choice]}})}
    found = Apply(Source("Apply", f"{said.url}/v1.4"), lambda: OCTOBER).application("C1234").forms[0].choices[0]
    assert (found.interviews, found.next_interview_at) == (3, datetime(2026, 10, 2, 9, tzinfo=UTC))
    later = Apply(Source("Apply", f"{said.url}/v1.4"), lambda: datetime(2027, 1, 1, tzinfo=UTC)).application("C1234")
    assert (later.forms[0].choices[0].interviews, later.forms[0].choices[0].next_interview_at) == (3, None)


def test_each_status_is_told_in_words_and_one_that_nobody_knows_is_said_to_be_unknown(services: Services) -> None:
    assert services.apply is not None
    found = [services.apply.application(f"C{number}") for number in range(1234, 1248)]
    choices = {choice.status: choice.status_words for one in found for form in one.forms for choice in form.choices}
    assert choices["awaiting_provider_decision"] == "Received"
    assert choices["inactive"] == "Received, now inactive"
    forms = {form.status: form.status_words for one in found for form in one.forms}
    assert forms["awaiting_provider_decisions"] == "Waiting for providers"
    rare = services.apply.application("C1487").forms[0]
    assert (rare.status, rare.status_words, rare.choices[0].status_words) == ("unknown", "Unknown", "Unknown")
    assert services.apply.application("C1484").forms[0].choices == ()


def test_hostile_texts_come_in_one_line_printable_and_short(services: Services) -> None:
    assert services.apply is not None
    found = services.apply.application("C6666").forms[0]
    texts = [text for choice in found.choices for text in (choice.course, choice.provider)]
    assert all(text.isprintable() and 0 < len(text) <= 150 for text in texts)
    assert "sbxperson" not in str(found)


def test_each_look_up_of_a_candidate_is_asked_anew(services: Services, sandbox: Sandbox) -> None:
    assert services.apply is not None
    before = sandbox.last()
    for _ in range(2):
        services.apply.application("C1234")
    assert len(sandbox.log("apply", before)) == 2


@pytest.mark.parametrize("path", allowed.APPLY)
def test_each_field_that_is_let_through_is_needed(path: str, said: Said) -> None:
    """Without it the answer is another, or refused."""
    interviews = [
        {"date_and_time": "2026-12-02T10:00:00Z", "cancelled_at": at} for at in (None, "2026-11-02T10:00:00Z")
    ]
    choice = {
        "id": 1, "status": "offer", "course": {"name": "Maths"}, "provider": {"name": "A"}, "interviews": interviews,
        "sent_to_provider_at": "2026-11-02T10:00:00Z", "accepted_at": "2026-11-03T10:00:00Z",
    }  # fmt: skip
    form = FORM | {"submitted_at": "2026-11-02T10:00:00Z", "application_choices": {"data": [choice]}}
    said.answers = {"/C1234": candidate(form)}
    whole = apply(said).application("C1234")
    said.answers = {"/C1234": without(candidate(form), path.split("."))}
    with suppress(NeedsAPerson):
        assert apply(said).application("C1234") != whole


def without(value: Any, steps: list[str]) -> Any:
    """The same with what stands at that path gone."""
    if isinstance(value, list):
        return [without(one, steps) for one in value]
    if len(steps) == 1:
        return {name: one for name, one in value.items() if name != steps[0]}
    return value | {steps[0]: without(value[steps[0]], steps[1:])}


def test_what_the_allow_list_does_not_name_does_not_get_through(said: Said) -> None:
    secret = "Sbxperson Seven"
    choice = {"id": 1, "status": f"{secret} wrote this", "secret": secret, "course": {"name": "Maths", "note": secret}}
    form = FORM | {"last_name": secret, "support_reference": secret, "application_choices": {"data": [choice]}}
    said.answers = {"/C1234": candidate(form), "/1TZ": provider(contact=secret), "/courses": courses("Maths")}
    found = apply(said).application("C1234"), publish(said).provider("1TZ", OCTOBER)
    text = str([asdict(one) for one in found])
    assert not any(word in text for word in (secret, "ada@", "0163"))
    assert found[0].forms[0].choices[0].status == "unknown"


@pytest.mark.parametrize("code", ["", "1T", "1TZ4", "../", "1T/", "1T?", "%2e."])
def test_what_is_no_code_is_refused_and_nobody_is_asked(code: str, said: Said) -> None:
    with pytest.raises(Refused):
        publish(said).provider(code, OCTOBER)
    with pytest.raises(Refused):
        apply(said).application(code)
    assert said.asked == []


def test_a_record_that_is_not_there_is_not_found(services: Services) -> None:
    assert services.publish is not None
    assert services.apply is not None
    with pytest.raises(NotFound):
        services.publish.provider("ZZZ", datetime.now(UTC))
    with pytest.raises(NotFound):
        services.apply.application("C9999999")


@pytest.mark.parametrize(
    ("status", "means"),
    [(429, TryAgain), (500, TryAgain), (401, NeedsAPerson), (403, NeedsAPerson), (302, NeedsAPerson)],
)
def test_a_source_that_does_not_answer_says_whether_to_try_again_and_names_nobody(
    status: int, means: type[Exception], said: Said
) -> None:
    said.answers, said.status = {"/C1234": {}, "/elsewhere": candidate(FORM)}, status
    with pytest.raises(means) as caught:
        apply(said).application("C1234")
    assert "C1234" not in str(caught.value)
    assert len(said.asked) == 1


def test_a_source_that_is_away_is_to_be_tried_again_and_its_address_is_not_told() -> None:
    with pytest.raises(TryAgain) as caught:
        Apply(Source("Apply", "http://127.0.0.1:1", "a-token")).application("C1234")
    assert str(caught.value) == "Apply cannot be reached"
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "answer",
    [b"<html>", b"", [], {}, {"data": None}, {"data": []}, {"data": {"attributes": []}},
     {"data": {"id": 1, "attributes": {}}}, candidate("form"), candidate({"id": 1}), candidate(FORM | {"id": "Ada"}),
     candidate(FORM | {"submitted_at": "Ada"}), candidate(FORM | {"application_choices": {"data": ["Ada"]}})],
)  # fmt: skip
def test_an_answer_of_another_shape_needs_a_person_and_is_not_quoted(answer: Any, said: Said) -> None:
    said.answers = {"/C1234": answer, "/1TZ": answer, "/courses": courses()}
    with pytest.raises(NeedsAPerson) as caught:
        apply(said).application("C1234")
    assert "Ada" not in str(caught.value)
    with pytest.raises(NeedsAPerson):
        publish(said).provider("1TZ", OCTOBER)
