"""What asks for context on an account is said by its policy file: another tag, or a checkbox field."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from sandbox.account.catalogue import TOPIC
from support_bridge.settings import POLICIES
from tests.conftest import Sandbox
from tests.integration.asked_by_macro import TAG, Do, Macro, a_ticket, look_ups, notes, rows, tags
from workers import runtime

FIELD = "[fields]"


@pytest.fixture
def policies(drain: Do, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have the worker go by the shipped policies with these lines before its fields."""

    def say(lines: str) -> None:
        path = tmp_path / "policies.toml"
        before, found, after = POLICIES.read_text().partition(FIELD)
        assert found
        path.write_text(f"{before}{lines}{after}")
        monkeypatch.setenv("RETENTION_POLICIES", str(path))
        runtime.services().engine.dispose()
        runtime.services.cache_clear()

    return say


def test_another_tag_asks_and_the_usual_one_is_any_other(
    policies: Callable[[str], None], macro: Macro, drain: Do, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    policies(f'[tags]\ncontext_requested = "ask_bridge"\n{FIELD}')
    asked, usual = a_ticket(sandbox), a_ticket(sandbox)
    macro(asked, provider="1TZ", tag="ask_bridge")
    macro(usual, provider="1TZ")
    drain()
    assert [one.ticket_id for one in look_ups(sessions)] == [asked]
    assert (tags(sandbox, asked), tags(sandbox, usual)) == (["vip"], [TAG, "vip"])


def test_a_checkbox_asks_and_is_unticked(
    policies: Callable[[str], None], deliver: Macro, drain: Do, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    policies(f"{FIELD}\ncontext_requested = {TOPIC}\n")  # the sandbox has no checkbox: this field stands for one
    ticket = a_ticket(sandbox)
    values = [{"id": TOPIC, "value": "true"}, {"id": 360011490478, "value": "1TZ"}]
    sandbox.control("PATCH", f"tickets/{ticket}", {"custom_fields": values})
    for _ in range(2):
        deliver(ticket)
        drain()
    assert [one.note for one in look_ups(sessions)] == ["added"]
    assert len(notes(sandbox, ticket)) == 1
    assert sandbox.control("GET", f"tickets/{ticket}")["topic"] == "False"
    assert (tags(sandbox, ticket), rows(sessions)) == (["vip"], [])
