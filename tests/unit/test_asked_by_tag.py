"""Who set the tag, told from audits as Zendesk writes them."""

from typing import Any

import pytest

from support_bridge.zendesk.asked_by_tag import Asker, Signal, asker

TAG = "context_requested"
BOX = 360011490499
SIGNAL = Signal(TAG, BOX)
Json = dict[str, Any]


def audit(number: int, author: int, *events: Json) -> Json:
    return {"id": number, "author_id": author, "created_at": f"2026-11-21T10:00:{number:02}Z", "events": list(events)}


def tags(value: Any, previous: Any) -> Json:
    return {"id": 1, "type": "Change", "field_name": "tags", "value": value, "previous_value": previous}


def box(value: Any, previous: Any) -> Json:
    return {"id": 1, "type": "Change", "field_name": str(BOX), "value": value, "previous_value": previous}


def comment(body: str, *, public: bool = False) -> Json:
    return {"id": 2, "type": "Comment", "body": body, "public": public}


def created(name: str, value: Any) -> Json:
    return {"id": 3, "type": "Create", "field_name": name, "value": value}


SET, UNSET = tags([TAG, "vip"], ["vip"]), tags(["vip"], [TAG, "vip"])
OUR_NOTE = comment("Context for this ticket.\n\n[Support Bridge: 1TZ C1234]\n")


@pytest.mark.parametrize(
    "event",
    [
        SET, tags([TAG], []), tags([TAG], None), tags(f"vip {TAG}", "vip"), tags(TAG, ""), created("tags", [TAG, "x"]),
        created("tags", f"x {TAG}"), box("1", "0"), box(True, False), box("true", None), created(str(BOX), "1"),
        {**SET, "via": {"channel": "rule", "source": {"rel": "trigger"}}},
    ],
)  # fmt: skip
def test_whoever_wrote_the_audit_that_set_it_is_the_one_who_asked(event: Json) -> None:
    assert asker([audit(1, 77, comment("hello")), audit(2, 501, event), audit(3, 502)], SIGNAL) == Asker(501, 2)


@pytest.mark.parametrize(
    "event",
    [
        tags([TAG, "new"], [TAG]), tags([f"{TAG}_not"], []), tags(["vip"], []), box("0", None), box(False, True),
        {**SET, "type": "Notification"}, {**SET, "field_name": "subject"}, {**box("1", "0"), "field_name": "17"},
        created("subject", TAG), comment(TAG), {"type": "Change"}, {},
    ],
)  # fmt: skip
def test_what_did_not_set_it_asks_for_nothing(event: Json) -> None:
    assert asker([audit(1, 501, event)], SIGNAL) is None


def test_one_who_sets_it_again_after_it_was_taken_away_is_the_one_who_asked() -> None:
    assert asker([audit(1, 501, SET), audit(2, 500, UNSET), audit(3, 502, SET)], SIGNAL) == Asker(502, 3)


def test_whoever_set_it_first_keeps_it_where_others_only_change_other_tags() -> None:
    others = tags([TAG, "vip", "late"], [TAG, "vip"])
    assert asker([audit(1, 501, SET), audit(2, 502, others)], SIGNAL) == Asker(501, 1)


def test_nobody_asks_once_it_is_taken_away() -> None:
    assert asker([audit(1, 501, SET), audit(2, 500, UNSET)], SIGNAL) is None
    assert asker([audit(1, 501, box("1", "0")), audit(2, 500, box("0", "1"))], SIGNAL) is None


def test_the_order_is_that_of_time_whichever_way_they_come() -> None:
    assert asker([audit(3, 502, SET), audit(2, 500, UNSET), audit(1, 501, SET)], SIGNAL) == Asker(502, 3)


def test_a_checkbox_that_is_taken_away_leaves_the_tag_that_somebody_else_set() -> None:
    found = asker([audit(1, 501, SET), audit(2, 502, box("1", "0")), audit(3, 502, box("0", "1"))], SIGNAL)
    assert found == Asker(501, 1)


def test_without_a_checkbox_field_no_field_asks() -> None:
    assert asker([audit(1, 501, box("1", "0"))], Signal(TAG)) is None


def test_zendesk_itself_is_told_as_the_author() -> None:
    assert asker([audit(1, -1, SET)], SIGNAL) == Asker(-1, 1)


@pytest.mark.parametrize("events", [(OUR_NOTE, SET), (SET, OUR_NOTE), (UNSET, SET), (box("0", "1"), SET)])
def test_a_trigger_that_sets_it_on_what_we_did_ourselves_is_an_echo(events: tuple[Json, ...]) -> None:
    found = asker([audit(1, 501, tags(["vip"], [])), audit(2, 500, *events)], SIGNAL)
    assert found is not None
    assert found.is_echo


def test_an_echo_does_not_outlive_a_person_who_asks_again() -> None:
    echo = audit(2, 500, OUR_NOTE, SET)
    found = asker([echo, audit(3, 500, UNSET), audit(4, 501, SET)], SIGNAL)
    assert found == Asker(501, 4)


@pytest.mark.parametrize("body", [comment("[Support Bridge: x]", public=True), comment("see [Support Bridge: x]")])
def test_words_of_others_that_look_like_a_note_of_ours_do_not_silence_an_agent(body: Json) -> None:
    assert asker([audit(1, 501, body, SET)], SIGNAL) == Asker(501, 1)


@pytest.mark.parametrize("odd", [{}, {"id": 1}, {"id": "x", "author_id": 1, "created_at": "", "events": []}])
def test_what_is_no_audit_is_not_taken_for_one(odd: Json) -> None:
    with pytest.raises((KeyError, ValueError)):
        asker([odd], SIGNAL)
