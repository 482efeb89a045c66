"""Every personal value carries a marker; codes, names of things and ids do not."""

from collections.abc import Iterator
from typing import Any

MARKERS = ["sbxperson", "203.0.113."]
PERSONAL = {
    "name", "email", "phone", "subject", "raw_subject", "description", "body", "html_body", "plain_body", "ip", "city",
    "ip_address", "location", "client", "user_agent", "browser", "platform", "notes", "message", "msg", "first_name",
    "last_name", "email_address", "telephone", "title", "country_name", "region", "visitor_id", "agent_names",
}  # fmt: skip
PLAIN = {"provider", "course", "custom_field_options"}


def _personal(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in PLAIN:
                yield from _personal(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _personal(inner, key)
    elif isinstance(value, str) and value and key in PERSONAL:
        yield key, value


def _unmarked(value: Any) -> set[tuple[str, str]]:
    return {(key, text) for key, text in _personal(value) if not any(marker in text.lower() for marker in MARKERS)}


def test_the_markers_are_told(sandbox: Any) -> None:
    assert sandbox.json("/_sandbox/markers", by="") == {"markers": MARKERS}


def test_tickets_comments_audits_users_and_chats_are_marked(sandbox: Any) -> None:
    paths = ["tickets/1042", "tickets/1042/comments", "tickets/1042/audits", "users/900001", "users/501",
             "incremental/tickets/cursor?start_time=0&per_page=50"]  # fmt: skip
    for path in paths:
        answer = sandbox.json(f"/api/v2/{path}")
        found = {text for text in _unmarked(answer) if text[1] not in ("SCRUBBED", "X", "fix_data", "hello")}
        assert not {item for item in found if not _written_by_a_test(item)}, path
        assert list(_personal(answer))
    chats = sandbox.json("/api/v2/chat/incremental/chats", by="chat")
    assert not _unmarked(chats)


def test_providers_contacts_and_candidates_are_marked(sandbox: Any) -> None:
    for provider in sandbox.json("/publish/api/public/v1/recruitment_cycles/2027/providers", by="")["data"]:
        attributes = provider["attributes"]
        assert "sbxperson" in attributes["email"]
        assert "sbxperson" in attributes["telephone"]
        assert "sbxperson" not in attributes["name"].lower()
    headers = {"Authorization": "Bearer sandbox-apply-token"}
    for number in range(1234, 1434):
        url = f"{sandbox.url}/apply/candidate-api/v1.4/candidates/C{number}"
        assert not _unmarked(sandbox.session.get(url, headers=headers, timeout=5).json())


def test_what_is_not_personal_is_not_marked(sandbox: Any) -> None:
    for path in ("brands", "groups", "ticket_forms", "ticket_fields"):
        assert "sbxperson" not in sandbox.get(f"/api/v2/{path}").text.lower()
    for ticket in sandbox.truth():
        assert "sbxperson" not in f"{ticket['brand']}{ticket['topic']}{ticket['chat_id']}"


def _written_by_a_test(item: tuple[str, str]) -> bool:
    return any(word in item[1] for word in ("oops", "context"))
