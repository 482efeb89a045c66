"""What searches find."""

from sandbox.shapes.parts import LINKS, META
from sandbox.shapes.tickets import TICKET
from sandbox.shapes.values import OAS, TEXT, WHOLE, Field, Listed, Shape, word

FOUND = TICKET.but("found ticket", result_type=Field(word("ticket"), OAS, differs="named with search's results alone"))

RESULTS = Shape("found by offset", "SearchResponse", {
    "results": Field(Listed(FOUND), OAS),
    "facets": Field(TEXT, "B §8", null=True),
    "next_page": Field(TEXT, "B §8", null=True),
    "previous_page": Field(TEXT, "B §8", null=True),
    "count": Field(WHOLE, "B §8"),
})  # fmt: skip

EXPORT = Shape("found by cursor", "SearchExportResponse", {
    "results": Field(Listed(FOUND), OAS),
    "facets": Field(TEXT, "B §8", null=True),
    "meta": Field(META, "B §8"),
    "links": Field(LINKS, "B §8"),
})  # fmt: skip

COUNT = Shape("how many are found", "SearchCountResponse", {"count": Field(WHOLE, OAS)})
