"""Zendesk Chat, which Zendesk does not describe: as recorded."""

from sandbox.shapes.values import (
    ANYTHING,
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    WHOLE,
    Either,
    Field,
    Keyed,
    Listed,
    Shape,
    word,
)  # fmt: skip

VISITOR = Shape("visitor", "", {
    "id": Field(TEXT, "A §1.7"),
    "name": Field(TEXT, "A §1.7"),
    "email": Field(TEXT, "A §1.7"),
    "phone": Field(TEXT, "A §1.7"),
    "notes": Field(TEXT, "A §1.7"),
})  # fmt: skip

SESSION = Shape("session", "", {
    "id": Field(TEXT, "A §1.7"),
    "ip": Field(TEXT, "A §1.7"),
    "city": Field(TEXT, "A §1.7"),
    "region": Field(TEXT, "A §1.7"),
    "country_code": Field(TEXT, "A §1.7"),
    "country_name": Field(TEXT, "A §1.7"),
    "browser": Field(TEXT, "A §1.7"),
    "platform": Field(TEXT, "A §1.7"),
    "user_agent": Field(TEXT, "A §1.7"),
    "start_date": Field(MOMENT, "A §1.7"),
    "end_date": Field(MOMENT, "A §1.7"),
})  # fmt: skip

LINE = Shape("a line of a chat", "", {
    "type": Field(word("chat.memberjoin", "chat.memberleave", "chat.msg", "chat.tag", "chat.comment"), "A §1.7"),
    "name": Field(TEXT, "A §1.7"),
    "timestamp": Field(MOMENT, "A §1.7"),
    "channel": Field(TEXT, "A §1.7", absent=True),
    "msg": Field(TEXT, "A §1.7", absent=True),
    "msg_id": Field(TEXT, "A §1.7", absent=True),
    "options": Field(TEXT, "A §1.7", absent=True),
    "reason": Field(TEXT, "unconfirmed", absent=True),
})  # fmt: skip

PAGE = Shape("a page looked at", "", {
    "timestamp": Field(MOMENT, "A §1.7"),
    "title": Field(TEXT, "A §1.7"),
    "from": Field(TEXT, "A §1.7"),
    "to": Field(TEXT, "A §1.7"),
})  # fmt: skip

RESPONSE_TIME = Shape("response time", "", {
    "first": Field(WHOLE, "A §1.7", null=True),
    "avg": Field(NUMBER, "B §13", null=True),
    "max": Field(WHOLE, "A §1.7", null=True),
})  # fmt: skip

COUNT = Shape("how many lines", "", {
    "visitor": Field(WHOLE, "A §1.7"),
    "agent": Field(WHOLE, "A §1.7"),
    "total": Field(WHOLE, "A §1.7"),
})  # fmt: skip

CHAT = Shape("chat", "", {
    "id": Field(TEXT, "A §1.7"),
    "type": Field(word("chat"), "A §1.7"),
    "timestamp": Field(MOMENT, "A §1.7"),
    "end_timestamp": Field(MOMENT, "A §1.7"),
    "duration": Field(WHOLE, "A §1.7"),
    "visitor": Field(VISITOR, "A §1.7"),
    "session": Field(SESSION, "A §1.7"),
    "department_id": Field(WHOLE, "B §13", null=True),
    "department_name": Field(TEXT, "A §1.7", null=True),
    "agent_ids": Field(Listed(TEXT), "B §13"),
    "agent_names": Field(Listed(TEXT), "A §1.7"),
    "rating": Field(TEXT, "A §1.7", null=True),
    "comment": Field(TEXT, "A §1.7", null=True),
    "missed": Field(FLAG, "A §1.7"),
    "tags": Field(Listed(TEXT), "A §1.7"),
    "triggered": Field(FLAG, "A §1.7"),
    "triggered_response": Field(FLAG, "A §1.7"),
    "started_by": Field(TEXT, "A §1.7"),
    "unread": Field(FLAG, "A §1.7"),
    "response_time": Field(RESPONSE_TIME, "B §13"),
    "count": Field(COUNT, "A §1.7"),
    "history": Field(Listed(LINE), "A §1.7"),
    "webpath": Field(Listed(PAGE), "B §13"),
    "referrer_search_engine": Field(TEXT, "A §1.7"),
    "referrer_search_terms": Field(TEXT, "A §1.7"),
    "conversions": Field(Listed(ANYTHING), "A §1.7"),
    "dropped": Field(FLAG, "unconfirmed"),
    "zendesk_ticket_id": Field(WHOLE, "B §13", null=True),
})  # fmt: skip

OFFLINE = Shape("offline message", "", {
    "id": Field(TEXT, "A §1.7"),
    "type": Field(word("offline_msg"), "A §1.7"),
    "timestamp": Field(MOMENT, "A §1.7"),
    "visitor": Field(VISITOR, "A §1.7"),
    "session": Field(SESSION, "A §1.7"),
    "department_id": Field(WHOLE, "B §13", null=True),
    "department_name": Field(TEXT, "A §1.7", null=True),
    "message": Field(TEXT, "A §1.7"),
    "unread": Field(FLAG, "A §1.7"),
    "deleted": Field(FLAG, "B §13"),
    "webpath": Field(Listed(Listed(Either((WHOLE, TEXT)))), "B §13"),
    "zendesk_ticket_id": Field(WHOLE, "B §13", null=True),
})  # fmt: skip

ONE = Either((CHAT, OFFLINE))
MANY = Shape("chats by id", "", {"docs": Field(Keyed(ONE), "B §13"), "count": Field(WHOLE, "unconfirmed")})
EXPORT = Shape("export of chats", "", {
    "chats": Field(Listed(ONE), "B §13"),
    "count": Field(WHOLE, "B §13"),
    "end_id": Field(TEXT, "B §13"),
    "end_time": Field(WHOLE, "B §13"),
    "next_page": Field(TEXT, "B §13"),
})  # fmt: skip
