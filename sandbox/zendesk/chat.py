"""Zendesk Chat: developer.zendesk.com/api-reference/live-chat/chat-api/chats/ and /incremental_export/."""

import re

from flask import Blueprint, Response, request

from sandbox.account.chats import Chat
from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk.access.gate import deleting
from sandbox.zendesk.answers import Refusal, gone
from sandbox.zendesk.urls import own_address

blueprint = Blueprint("chat", __name__, url_prefix="/api/v2/chat")

LARGEST = 1000


@blueprint.get("/chats/<chat_id>")
def show(chat_id: str) -> Json:
    return _found(chat_id).body


@blueprint.get("/chats")
def show_many() -> Json:
    chats = world().account.chats
    asked = [part.strip() for part in request.args.get("ids", "").split(",")]
    docs = {chat_id: chats[chat_id].body for chat_id in asked if chat_id in chats}
    return {"docs": docs, "count": len(docs)}


@blueprint.delete("/chats/<chat_id>")
@deleting
def delete_chat(chat_id: str) -> Response:
    """The ticket behind it stays, as the chat stays when its ticket goes."""
    del world().account.chats[_found(chat_id).id]
    return gone()


@blueprint.get("/incremental/chats")
def export_chats() -> Json:
    """`next_page` is never null: the end is a page shorter than its limit. Whether the row named by
    start_id comes again is not confirmed; here it does not."""
    start_time, start_id = request.args.get("start_time", 0, int), request.args.get("start_id", "")
    limit = max(1, min(request.args.get("limit", LARGEST, int), LARGEST))
    waiting = [chat for chat in world().account.chats.values() if _after(chat, start_time, start_id)]
    shown = sorted(waiting, key=lambda chat: (chat.updated_at, chat.id))[:limit]
    end_time, end_id = (shown[-1].updated_at, shown[-1].id) if shown else (start_time, start_id)
    return {
        "chats": [_chosen(chat.body) for chat in shown],
        "count": len(shown),
        "end_id": end_id,
        "end_time": end_time,
        "next_page": _next_page(end_time, end_id, limit),
    }


def _found(chat_id: str) -> Chat:
    chat = world().account.chats.get(chat_id)
    if chat is None:
        raise Refusal(404, {"error": "Not Found"})
    return chat


def _after(chat: Chat, start_time: int, start_id: str) -> bool:
    return (chat.updated_at, chat.id) > (start_time, start_id) if start_id else chat.updated_at >= start_time


def _chosen(body: Json) -> Json:
    """`fields=chats(id,timestamp)` gives those keys alone; `chats(*)`, or nothing, gives all."""
    wanted = re.fullmatch(r"chats\((.*)\)", request.args.get("fields", ""))
    names = [part.strip() for part in wanted[1].split(",")] if wanted else ["*"]
    return body if "*" in names else {name: body[name] for name in names if name in body}


def _next_page(end_time: int, end_id: str, limit: int) -> str:
    query = {
        "fields": request.args.get("fields", "chats(*)"),
        "limit": limit,
        "start_time": end_time,
        "start_id": end_id,
    }
    return own_address(query)
