"""Shapes that others are made of: where something came from, pages, counts."""

from collections.abc import Mapping
from dataclasses import replace

from sandbox.shapes.values import FLAG, OAS, TEXT, WHOLE, Field, Listed, Shape

END = Shape("one end of a way", "", {
    "address": Field(TEXT, "OAS ViaObject", null=True, absent=True),
    "name": Field(TEXT, "OAS ViaObject", null=True, absent=True),
    "id": Field(WHOLE, "OAS ViaObject", null=True, absent=True),
    "title": Field(TEXT, "OAS ViaObject", null=True, absent=True),
})  # fmt: skip

SOURCE = Shape("where it came from", "ViaObject.source", {
    "from": Field(END, OAS),
    "to": Field(END, OAS),
    "rel": Field(TEXT, OAS, null=True),
})  # fmt: skip

VIA = Shape("via", "ViaObject", {
    "channel": Field(TEXT, OAS, differs="an id only when written"),
    "source": Field(SOURCE, OAS),
})  # fmt: skip

AUDIT_VIA = Shape("an audit's via", "TicketAuditViaObject", {
    "channel": Field(TEXT, OAS),
    "source": Field(SOURCE, OAS),
})  # fmt: skip

OFFSET = {
    "next_page": Field(TEXT, "B §8", null=True),
    "previous_page": Field(TEXT, "B §8", null=True),
    "count": Field(WHOLE, "B §8"),
}

META = Shape("a cursor page's meta", "SearchExportResponse.meta", {
    "has_more": Field(FLAG, "B §8"),
    "after_cursor": Field(TEXT, "B §8", null=True),
    "before_cursor": Field(TEXT, "B §8", null=True),
})  # fmt: skip

LINKS = Shape("a cursor page's links", "SearchExportResponse.links", {
    "prev": Field(TEXT, "B §8", null=True),
    "next": Field(TEXT, "B §8", null=True),
})  # fmt: skip

CURSOR = {"meta": Field(META, "B §8"), "links": Field(LINKS, "B §8")}

UNSAID_OFFSET = {name: replace(field, differs="recorded of every list: B §8") for name, field in OFFSET.items()}


def pages(
    name: str, of: Shape, schema: str, offset: Mapping[str, Field] = UNSAID_OFFSET, **more: Field
) -> tuple[Shape, Shape]:
    """A list's two pages, by offset and by cursor. The schema describes the first, mostly without its paging."""
    by_offset = {name: Field(Listed(of), OAS), **more, **offset}
    by_cursor = {name: Field(Listed(of), "B §8"), **more, **CURSOR}
    return Shape(f"{name} by offset", schema, by_offset), Shape(f"{name} by cursor", "", by_cursor)


EMPTY = Shape("nothing in an object", "", {})
