"""Incremental exports of tickets: by cursor and by time, with the deleted and the archived."""

from sandbox.shapes.metric_sets import METRIC_SET
from sandbox.shapes.tickets import SETS, TICKET
from sandbox.shapes.values import FLAG, OAS, TEXT, WHOLE, Field, Listed, Shape, word

STATUS = Field(
    word("new", "open", "pending", "hold", "solved", "closed", "deleted"), "B §9", differs="deleted ones come too: B §9"
)
EXPORTED = TICKET.but("exported ticket", generated_timestamp=Field(WHOLE, "B §9"), status=STATUS)
SET = Field(METRIC_SET, "B §10", absent=True, differs="side-loaded, but for the deleted: A §4")
EXPORTED_WITH_METRICS = EXPORTED.but("exported ticket with its metric set", metric_set=SET)

BY_CURSOR = Shape("export by cursor", "CursorBasedExportIncrementalTicketsResponse", {
    "tickets": Field(Listed(EXPORTED), "B §9"),
    "after_url": Field(TEXT, "B §9", null=True),
    "before_url": Field(TEXT, "B §9", null=True),
    "after_cursor": Field(TEXT, "B §9", null=True),
    "before_cursor": Field(TEXT, "B §9", null=True),
    "end_of_stream": Field(FLAG, "B §9"),
})  # fmt: skip

BY_TIME = Shape("export by time", "TimeBasedExportIncrementalTicketsResponse", {
    "tickets": Field(Listed(EXPORTED), "B §9"),
    "count": Field(WHOLE, "B §9"),
    "end_of_stream": Field(FLAG, "B §9"),
    "next_page": Field(TEXT, "B §9", null=True),
    "end_time": Field(WHOLE, "B §9"),
})  # fmt: skip

ROWS = Field(Listed(EXPORTED_WITH_METRICS), OAS)
BY_CURSOR_WITH_METRICS = BY_CURSOR.but("export by cursor, with metrics", tickets=ROWS, metric_sets=SETS)
BY_TIME_WITH_METRICS = BY_TIME.but("export by time, with metrics", tickets=ROWS, metric_sets=SETS)
