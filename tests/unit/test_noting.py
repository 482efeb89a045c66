"""Internal notes, against a Zendesk that does not heed us: the sandbox's always does."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from support_bridge.errors import NeedsAPerson
from support_bridge.zendesk.noting import MadePublic, Noting, StillThere

MARKER = "[Support Bridge: 1TZ C1234]"


def zendesk(*comments: tuple[str, bool], made_public: bool = False, channel: str = "api") -> tuple[Noting, list[Any]]:
    """A Zendesk with these comments (body, public), and what it was asked to update."""
    updates: list[Any] = []
    audit = SimpleNamespace(audit=SimpleNamespace(events=[{"type": "Comment", "public": made_public}]))

    def update(ticket: Any) -> Any:
        updates.append(ticket)
        return audit

    rows = [
        {"id": number, "body": body, "public": public, "via": {"channel": channel}}
        for number, (body, public) in enumerate(comments)
    ]
    page = {"comments": rows, "meta": {"has_more": False}}
    session = SimpleNamespace(ask=lambda path, params: page)
    return Noting(session, SimpleNamespace(tickets=SimpleNamespace(update=update))), updates


def test_a_note_says_that_it_is_not_public() -> None:
    noting, updates = zendesk()
    noting.add(1042, "text <b>")
    (ticket,) = updates
    assert ticket.comment.public is False
    assert ticket.comment.html_body == "<pre>text &lt;b&gt;</pre>"


def test_a_note_that_was_made_public_all_the_same_is_told_as_that() -> None:
    noting, _ = zendesk(made_public=True)
    with pytest.raises(MadePublic):
        noting.add(1042, "text")


@pytest.mark.parametrize("public", [True, False])
def test_a_marker_in_a_line_by_itself_is_found_also_where_the_note_went_public(public: bool) -> None:
    noting, _ = zendesk(("hello", True), (f"Context\n\n{MARKER}\n", public))
    assert noting.has_note(1042, MARKER)


@pytest.mark.parametrize("channel", ["web", "email", "chat", "native_messaging"])
def test_a_marker_that_somebody_wrote_in_public_is_no_note_of_ours(channel: str) -> None:
    noting, _ = zendesk((f"Hello\n{MARKER}", True), channel=channel)
    assert not noting.has_note(1042, MARKER)


def test_a_marker_within_a_line_is_somebody_elses_words() -> None:
    noting, _ = zendesk((f"Provider 1TZ: {MARKER}", False), ("", False))
    assert not noting.has_note(1042, MARKER)


def untagging(content: bytes) -> tuple[Noting, list[Any]]:
    """A Zendesk that answers so when a tag is taken away, and what it was asked."""
    asked: list[Any] = []

    def delete(path: str, **said: Any) -> Any:
        asked.append((path, said))
        return SimpleNamespace(content=content, json=lambda: json.loads(content))

    return Noting(SimpleNamespace(delete=delete), SimpleNamespace()), asked


@pytest.mark.parametrize("content", [b'{"tags": ["vip", "asked_not"]}', b'{"tags": []}', b""])
def test_one_tag_is_taken_away_by_its_name_alone(content: bytes) -> None:
    noting, asked = untagging(content)
    noting.remove_tag(1042, "asked")
    assert asked == [("/api/v2/tickets/1042/tags.json", {"params": {"tags": "asked"}, "json": {"tags": ["asked"]}})]


def test_a_tag_that_is_still_there_is_told() -> None:
    with pytest.raises(StillThere):
        untagging(b'{"tags": ["asked"]}')[0].remove_tag(1042, "asked")


@pytest.mark.parametrize("content", [b"{}", b'{"tags": null}', b"[]", b"<html>"])
def test_an_answer_of_another_shape_is_not_taken_for_a_removal(content: bytes) -> None:
    with pytest.raises(NeedsAPerson):
        untagging(content)[0].remove_tag(1042, "asked")
