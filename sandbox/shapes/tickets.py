"""A ticket as lists, ids and updates give it; exports and searches add to it."""

from sandbox.shapes.audits import AUDIT
from sandbox.shapes.metric_sets import METRIC_SET
from sandbox.shapes.parts import UNSAID_OFFSET, VIA, pages
from sandbox.shapes.values import (
    FLAG,
    MOMENT,
    NULLS,
    NUMBER,
    OAS,
    TEXT,
    WHOLE,
    Either,
    Field,
    Listed,
    Shape,
    word,
)  # fmt: skip

SIDE_LOADED = "side-loaded when asked for: B §10"

FIELD_VALUE = Shape("a field's value", "TicketFieldValueInput", {
    "id": Field(WHOLE, OAS),
    "value": Field(Either((TEXT, NUMBER, FLAG, Listed(TEXT))), OAS, null=True, differs=NULLS),
})  # fmt: skip

RATING = Shape("satisfaction rating", "", {
    "score": Field(TEXT, "A §4"),
    "id": Field(WHOLE, "OAS TicketObject", absent=True),
    "comment": Field(TEXT, "OAS TicketObject", null=True, absent=True),
})  # fmt: skip

TICKET = Shape("ticket", "TicketObject", {
    "url": Field(TEXT, OAS),
    "id": Field(WHOLE, OAS),
    "external_id": Field(TEXT, OAS, null=True),
    "via": Field(VIA, OAS),
    "created_at": Field(MOMENT, OAS),
    "updated_at": Field(MOMENT, OAS),
    "type": Field(word("problem", "incident", "question", "task"), OAS, null=True),
    "subject": Field(TEXT, OAS, null=True),
    "raw_subject": Field(TEXT, OAS),
    "description": Field(TEXT, OAS),
    "priority": Field(word("urgent", "high", "normal", "low"), OAS, null=True),
    "status": Field(word("new", "open", "pending", "hold", "solved", "closed"), OAS),
    "recipient": Field(TEXT, OAS, null=True, differs=NULLS),
    "requester_id": Field(WHOLE, OAS, null=True),
    "submitter_id": Field(WHOLE, OAS, null=True),
    "assignee_id": Field(WHOLE, OAS, null=True),
    "organization_id": Field(WHOLE, OAS, null=True),
    "group_id": Field(WHOLE, OAS, null=True),
    "collaborator_ids": Field(Listed(WHOLE), OAS),
    "follower_ids": Field(Listed(WHOLE), OAS),
    "email_cc_ids": Field(Listed(WHOLE), OAS),
    "forum_topic_id": Field(WHOLE, OAS, null=True, differs=NULLS),
    "problem_id": Field(WHOLE, OAS, null=True),
    "has_incidents": Field(FLAG, OAS),
    "is_public": Field(FLAG, OAS),
    "due_at": Field(MOMENT, OAS, null=True),
    "tags": Field(Listed(TEXT), OAS, differs="one text only when written"),
    "custom_fields": Field(Listed(FIELD_VALUE), OAS),
    "satisfaction_rating": Field(RATING, OAS),
    "sharing_agreement_ids": Field(Listed(WHOLE), OAS),
    "custom_status_id": Field(WHOLE, OAS, null=True),
    "encoded_id": Field(TEXT, OAS),
    "fields": Field(Listed(FIELD_VALUE), "B §9"),
    "followup_ids": Field(Listed(WHOLE), OAS),
    "ticket_form_id": Field(WHOLE, OAS, null=True),
    "brand_id": Field(WHOLE, OAS, null=True),
    "allow_channelback": Field(FLAG, OAS),
    "allow_attachments": Field(FLAG, OAS),
    "from_messaging_channel": Field(FLAG, OAS),
    "from_archive": Field(FLAG, "A §2.2", differs="named in the description's words, not in its schema: A §2.2"),
}, unsent={
    "generated_timestamp": "in exports alone: B §9",
    "satisfaction_probability": "only with a plan that predicts satisfaction",
    "comment": "only written; comments are read by themselves",
})  # fmt: skip

WITH_METRICS = TICKET.but("ticket with its metric set", metric_set=Field(METRIC_SET, "B §10", differs=SIDE_LOADED))

LIST, CURSOR_LIST = pages("tickets", TICKET, "TicketsResponse")
SETS = Field(Listed(METRIC_SET), "B §10", differs=SIDE_LOADED)
LIST_WITH_METRICS, CURSOR_LIST_WITH_METRICS = pages("tickets", WITH_METRICS, "TicketsResponse", metric_sets=SETS)

MANY = Shape("tickets by id", "TicketsResponse", {"tickets": Field(Listed(TICKET), OAS), **UNSAID_OFFSET})
MANY_WITH_METRICS = MANY.but("tickets by id, with metrics", tickets=Field(Listed(WITH_METRICS), OAS), metric_sets=SETS)

ONE = Shape("one ticket", "TicketResponse", {"ticket": Field(TICKET, OAS)})
ONE_WITH_METRICS = ONE.but("one ticket with its metric set", ticket=Field(WITH_METRICS, OAS))

UPDATED = Shape("an updated ticket", "TicketUpdateResponse", {
    "ticket": Field(TICKET, OAS),
    "audit": Field(AUDIT, OAS),
})  # fmt: skip

TAGS = Shape("a ticket's tags", "TagsByObjectIdResponse", {"tags": Field(Listed(TEXT), OAS)})
