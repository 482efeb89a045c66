"""The bin."""

from sandbox.shapes.parts import OFFSET, pages
from sandbox.shapes.values import MOMENT, OAS, TEXT, WHOLE, Field, Shape

ACTOR = Shape("who deleted it", "ListDeletedTicketsResponse.deleted_tickets.actor", {
    "id": Field(WHOLE, OAS),
    "name": Field(TEXT, OAS),
})  # fmt: skip

DELETED = Shape("deleted ticket", "ListDeletedTicketsResponse.deleted_tickets", {
    "id": Field(WHOLE, OAS),
    "subject": Field(TEXT, OAS),
    "actor": Field(ACTOR, OAS),
    "deleted_at": Field(MOMENT, OAS),
    "previous_state": Field(TEXT, OAS),
})  # fmt: skip

LIST, CURSOR_LIST = pages("deleted_tickets", DELETED, "ListDeletedTicketsResponse", OFFSET)
