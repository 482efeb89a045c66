"""The chats: a second copy, with an export that never says it has ended."""

from typing import Any

EXPORT = "/api/v2/chat/incremental/chats"


def _walk(sandbox: Any, limit: int, **params: Any) -> list[dict[str, Any]]:
    page = sandbox.json(EXPORT, by="chat", params={"start_time": 0, "limit": limit, **params})
    found = list(page["chats"])
    while page["count"] == limit:
        page = sandbox.json(page["next_page"], by="chat")
        found += page["chats"]
    return found


def test_the_export_gives_every_chat_once(sandbox: Any) -> None:
    chats = _walk(sandbox, 250)
    assert len(chats) == len({chat["id"] for chat in chats}) == sandbox.json("/_sandbox/state")["chats"]
    alone = [chat for chat in chats if chat["zendesk_ticket_id"] is None]
    assert len(alone) == 200
    assert {chat["type"] for chat in alone} == {"chat", "offline_msg"}


def test_the_export_can_be_kept_to_ids_and_times(sandbox: Any) -> None:
    [chat] = sandbox.json(f"{EXPORT}?limit=1&fields=chats(id,timestamp)", by="chat")["chats"]
    assert chat.keys() == {"id", "timestamp"}


def test_a_page_names_its_last_chat_and_always_a_next_page(sandbox: Any) -> None:
    page = sandbox.json(f"{EXPORT}?start_time=99999999999", by="chat")
    assert (page["count"], page["chats"]) == (0, [])
    assert "start_time=99999999999" in page["next_page"]
    page = sandbox.json(f"{EXPORT}?limit=2", by="chat")
    assert page["end_id"] == page["chats"][-1]["id"]


def test_chats_are_found_by_their_ids(sandbox: Any) -> None:
    ids = [chat["id"] for chat in sandbox.json(f"{EXPORT}?limit=2", by="chat")["chats"]]
    docs = sandbox.json("/api/v2/chat/chats", by="chat", params={"ids": f"{ids[0]},{ids[1]},unknown"})["docs"]
    assert list(docs) == ids


def test_a_deleted_chat_is_gone_and_its_ticket_stays(sandbox: Any) -> None:
    ticket = sandbox.truth(state="live", channel="chat", status="closed")[-1]
    path = f"/api/v2/chat/chats/{ticket['chat_id']}"
    assert sandbox.call("DELETE", path).status_code == 403
    assert sandbox.call("DELETE", path, by="chat").status_code == 204
    gone = sandbox.get(path, by="chat")
    assert (gone.status_code, gone.json()) == (404, {"error": "Not Found"})
    assert sandbox.get(f"/api/v2/tickets/{ticket['id']}").status_code == 200
