"""docs/zendesk.md is what the client goes by."""

from pathlib import Path

import pytest

from support_bridge.zendesk.agents import Agents
from support_bridge.zendesk.calls import CALLS, Call
from support_bridge.zendesk.calls_page import page
from support_bridge.zendesk.chats import Chats
from support_bridge.zendesk.deleting import Deleting
from support_bridge.zendesk.deleting_chats import DeletingChats
from support_bridge.zendesk.inspecting import Inspecting
from support_bridge.zendesk.noting import Noting
from support_bridge.zendesk.reading import Reading

PARTS = {
    "agents": Agents,
    "reading": Reading,
    "noting": Noting,
    "deleting": Deleting,
    "chats": Chats,
    "deleting_chats": DeletingChats,
    "inspecting": Inspecting,
}


def test_the_page_is_what_the_table_says() -> None:
    assert Path("docs/zendesk.md").read_text() == page(), "make zendesk-calls"


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_every_call_has_a_method_a_fact_and_a_document(call: Call) -> None:
    assert call.fact
    assert call.document.startswith("https://developer.zendesk.com/api-reference/")
    for method in call.by.split(", "):
        part, name = method.split(".")
        assert callable(getattr(PARTS[part], name))


def test_every_method_of_the_client_is_in_the_table() -> None:
    methods = {f"{part}.{name}" for part, kind in PARTS.items() for name in vars(kind) if not name.startswith("_")}
    assert methods == {method for call in CALLS for method in call.by.split(", ")}
