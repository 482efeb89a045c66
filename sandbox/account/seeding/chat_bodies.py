"""The inside of a chat, key by key as recorded: developer.zendesk.com/api-reference/live-chat/chat-api/chats/."""

from datetime import datetime, timedelta
from typing import Any

from sandbox.account import markers
from sandbox.account.clock import iso
from sandbox.account.tickets import Json

CHAT_ACCOUNT = 10502823
DEPARTMENT = 7001
PAGE = "https://www.apply-for-teacher-training.service.gov.uk/provider"


def chat_body(chat_id: str, number: int, at: datetime, ended: datetime, agent: int) -> Json:
    waited = 5 + number % 90
    return {
        "id": chat_id, "type": "chat", "timestamp": iso(at), "end_timestamp": iso(ended),
        "duration": int((ended - at).total_seconds()), "visitor": _visitor(number),
        "session": _session(number, at, ended), "department_id": DEPARTMENT, "department_name": "Provider support",
        "agent_ids": [str(agent)],
        "agent_names": [markers.name("Agent", agent)], "rating": None, "comment": None, "missed": False, "tags": [],
        "triggered": False, "triggered_response": False, "started_by": "visitor", "unread": False,
        "response_time": {"first": waited, "avg": waited * 1.5, "max": waited * 2},
        "count": {"visitor": 2, "agent": 1, "total": 3}, "history": _history(number, at, ended, agent),
        "webpath": [_page(number, at)], "referrer_search_engine": "", "referrer_search_terms": "",
        "conversions": [], "dropped": False, "zendesk_ticket_id": None,
    }  # fmt: skip


def offline_message(chat_id: str, number: int, at: datetime) -> Json:
    """Recorded: here a page is an array, and `deleted` exists."""
    page = _page(number, at)
    return {
        "id": chat_id, "type": "offline_msg", "timestamp": iso(at), "visitor": _visitor(number),
        "session": _session(number, at, at), "department_id": None, "department_name": None,
        "message": markers.sentence("offline message", number), "unread": True, "deleted": False,
        "webpath": [[int(at.timestamp()), page["to"], page["from"], page["title"]]], "zendesk_ticket_id": None,
    }  # fmt: skip


def _visitor(number: int) -> Json:
    return {
        "id": f"{CHAT_ACCOUNT}-{markers.MARKER}{number:06d}",
        "name": markers.name("Visitor", number),
        "email": markers.email("visitor", number),
        "phone": markers.phone(number),
        "notes": markers.sentence("notes on visitor", number),
    }


def _session(number: int, at: datetime, ended: datetime) -> Json:
    return {
        "id": f"{number}.{markers.MARKER}", "ip": markers.address(number), "city": markers.city(number),
        "region": "Sbxperson Region", "country_code": "GB", "country_name": "Sbxperson Country",
        "browser": "Sbxperson Browser", "platform": "SbxpersonOS", "user_agent": markers.browser(number),
        "start_date": iso(at - timedelta(minutes=2)), "end_date": iso(ended),
    }  # fmt: skip


def _history(number: int, at: datetime, ended: datetime, agent: int) -> list[Json]:
    visitor, helper = markers.name("Visitor", number), markers.name("Agent", agent)
    return [
        _line("chat.memberjoin", visitor, at, channel="#supportchat"),
        _said(visitor, at + timedelta(seconds=5), number, 1),
        _line("chat.memberjoin", helper, at + timedelta(seconds=9), channel="#supportchat"),
        _said(helper, at + timedelta(seconds=20), number, 2),
        _said(visitor, at + timedelta(seconds=40), number, 3),
        _line("chat.memberleave", visitor, ended, channel="#supportchat", reason="disconnect_user"),
    ]


def _said(who: str, at: datetime, number: int, line: int) -> Json:
    words = markers.sentence(f"line {line} of chat", number)
    return _line("chat.msg", who, at, msg=words, msg_id=str(line), channel="#supportchat", options="")


def _line(kind: str, who: str, at: datetime, **more: Any) -> Json:
    return {"type": kind, "name": who, "timestamp": iso(at), **more}


def _page(number: int, at: datetime) -> Json:
    return {"timestamp": iso(at), "title": f"Sbxperson page {number % 30}", "from": "", "to": f"{PAGE}/applications"}
