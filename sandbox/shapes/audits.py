"""A ticket's history: audits and the events in them."""

from sandbox.shapes.comments import COMMENT_EVENT, METADATA
from sandbox.shapes.parts import AUDIT_VIA, OFFSET, pages
from sandbox.shapes.values import MOMENT, OAS, TEXT, WHOLE, Either, Field, Listed, Shape, word

VALUE = Either((TEXT, Listed(TEXT)))

CREATED = Shape("what a ticket began with", "", {
    "id": Field(WHOLE, "OAS AuditObject"),
    "type": Field(word("Create"), "OAS AuditObject"),
    "field_name": Field(TEXT, "OAS AuditObject"),
    "value": Field(VALUE, "OAS AuditObject", null=True),
})  # fmt: skip

CHANGED = Shape("a change", "", {
    "id": Field(WHOLE, "OAS AuditObject"),
    "type": Field(word("Change"), "OAS AuditObject"),
    "field_name": Field(TEXT, "OAS AuditObject"),
    "value": Field(VALUE, "OAS AuditObject", null=True),
    "previous_value": Field(VALUE, "OAS AuditObject", null=True),
    "via": Field(AUDIT_VIA, "OAS AuditObject", absent=True),
})  # fmt: skip

SAID = Shape("a line of a chat in an audit", "", {
    "chat_index": Field(WHOLE, "A §1.7"),
    "type": Field(word("ChatMessage", "ChatFileAttachment", "ChatJoin"), "A §1.7"),
    "message": Field(TEXT, "A §1.7", absent=True),
    "filename": Field(TEXT, "A §1.7", absent=True),
})  # fmt: skip

CHAT = Shape("a chat in an audit", "", {
    "visitor_id": Field(TEXT, "A §1.7"),
    "chat_id": Field(TEXT, "A §1.7"),
    "history": Field(Listed(SAID), "A §1.7"),
})  # fmt: skip

CHAT_STARTED = Shape("the start of a chat", "", {
    "id": Field(WHOLE, "A §1.7"),
    "type": Field(word("ChatStartedEvent"), "A §1.7"),
    "value": Field(CHAT, "A §1.7"),
})  # fmt: skip

AUDIT = Shape("audit", "TicketAuditObject", {
    "id": Field(WHOLE, OAS),
    "ticket_id": Field(WHOLE, OAS),
    "created_at": Field(MOMENT, OAS),
    "author_id": Field(WHOLE, OAS),
    "metadata": Field(METADATA, OAS),
    "events": Field(Listed(Either((COMMENT_EVENT, CREATED, CHANGED, CHAT_STARTED))), OAS),
    "via": Field(AUDIT_VIA, OAS),
})  # fmt: skip

LIST, CURSOR_LIST = pages("audits", AUDIT, "TicketAuditsResponseNoneCursor", OFFSET)
