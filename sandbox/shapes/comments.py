"""A comment, on its own and as an audit's event."""

from sandbox.shapes.parts import AUDIT_VIA, pages
from sandbox.shapes.values import (
    FLAG,
    MOMENT,
    NULLS,
    NUMBER,
    OAS,
    TEXT,
    WHOLE,
    Field,
    Keyed,
    Listed,
    Shape,
    unsent,
    word,
)

ATTACHMENT = Shape("attachment", "AttachmentBaseObject", {
    "id": Field(WHOLE, OAS),
    "file_name": Field(TEXT, OAS),
    "content_url": Field(TEXT, OAS),
    "mapped_content_url": Field(TEXT, OAS, absent=True),
    "content_type": Field(TEXT, OAS),
    "size": Field(WHOLE, OAS),
    "url": Field(TEXT, OAS, absent=True),
    "width": Field(WHOLE, OAS, null=True, absent=True, differs=NULLS),
    "height": Field(WHOLE, OAS, null=True, absent=True, differs=NULLS),
    "inline": Field(FLAG, OAS, absent=True),
    "deleted": Field(FLAG, OAS, absent=True),
    "malware_access_override": Field(FLAG, OAS, absent=True),
    "malware_scan_result": Field(TEXT, OAS, absent=True),
})  # fmt: skip

SYSTEM = Shape("where the writer sat", "", {
    "client": Field(TEXT, "A §1.7", absent=True),
    "ip_address": Field(TEXT, "A §1.7", absent=True),
    "location": Field(TEXT, "A §1.7", absent=True),
    "latitude": Field(NUMBER, "A §1.7", absent=True),
    "longitude": Field(NUMBER, "A §1.7", absent=True),
})  # fmt: skip

METADATA = Shape("metadata", "", {
    "system": Field(SYSTEM, "A §1.7"),
    "custom": Field(Keyed(TEXT), "OAS TicketAuditObject"),
})  # fmt: skip

COMMENT_EVENT = Shape("a comment in an audit", "", {
    "id": Field(WHOLE, "OAS TicketAuditObject"),
    "type": Field(word("Comment"), "OAS TicketAuditObject"),
    "author_id": Field(WHOLE, "OAS TicketAuditObject"),
    "body": Field(TEXT, "OAS TicketAuditObject"),
    "html_body": Field(TEXT, "B §14"),
    "plain_body": Field(TEXT, "B §14"),
    "public": Field(FLAG, "OAS TicketAuditObject"),
    "attachments": Field(Listed(ATTACHMENT), "B §14"),
})  # fmt: skip

COMMENT = Shape("comment", "TicketCommentObject", {
    "id": Field(WHOLE, OAS),
    "type": Field(word("Comment"), OAS),
    "author_id": Field(WHOLE, OAS, null=True),
    "body": Field(TEXT, OAS),
    "html_body": Field(TEXT, OAS),
    "plain_body": Field(TEXT, OAS),
    "public": Field(FLAG, OAS),
    "attachments": Field(Listed(ATTACHMENT), OAS),
    "audit_id": Field(WHOLE, OAS),
    "created_at": Field(MOMENT, OAS),
    "metadata": Field(METADATA, "A §1.7"),
    "via": Field(AUDIT_VIA, OAS),
}, unsent={
    **unsent("only written", "uploads", "add_short_url", "channel_back", "channel_source_id", "translate_to"),
})  # fmt: skip

LIST, CURSOR_LIST = pages("comments", COMMENT, "TicketCommentsResponse")
