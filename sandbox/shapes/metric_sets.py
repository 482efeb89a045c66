"""A ticket's metric set, on its own, beside tickets and inside them."""

from sandbox.shapes.parts import pages
from sandbox.shapes.values import MOMENT, OAS, TEXT, WHOLE, Field, Shape

UNTOUCHED = "null where nothing happened: B §10"
NEVER = "null until it happens: B §10, B §11"

MINUTES = Shape("minutes", "TicketMetricTimeObject", {
    "calendar": Field(WHOLE, "B §10", null=True, differs=UNTOUCHED),
    "business": Field(WHOLE, "B §10", null=True, differs=UNTOUCHED),
})  # fmt: skip

SECONDS = Shape("seconds", "TicketMetricTimeObject", {
    "calendar": Field(WHOLE, OAS, null=True, differs=UNTOUCHED),
}, unsent={"business": "A §4: for messaging, calendar alone"})  # fmt: skip

METRIC_SET = Shape("metric set", "TicketMetricObject", {
    "url": Field(TEXT, OAS),
    "id": Field(WHOLE, "B §10"),
    "ticket_id": Field(WHOLE, "B §10"),
    "created_at": Field(MOMENT, OAS),
    "updated_at": Field(MOMENT, OAS),
    "group_stations": Field(WHOLE, "B §10"),
    "assignee_stations": Field(WHOLE, "B §10"),
    "reopens": Field(WHOLE, "B §10"),
    "replies": Field(WHOLE, "B §10"),
    "assignee_updated_at": Field(MOMENT, OAS, null=True, differs=NEVER),
    "requester_updated_at": Field(MOMENT, OAS, null=True, differs=NEVER),
    "status_updated_at": Field(MOMENT, OAS),
    "custom_status_updated_at": Field(MOMENT, "B §10"),
    "initially_assigned_at": Field(MOMENT, OAS, null=True, differs=NEVER),
    "assigned_at": Field(MOMENT, OAS, null=True, differs=NEVER),
    "solved_at": Field(MOMENT, OAS, null=True, differs=NEVER),
    "latest_comment_added_at": Field(MOMENT, OAS, null=True, differs=NEVER),
    "reply_time_in_minutes": Field(MINUTES, "B §10"),
    "reply_time_in_seconds": Field(SECONDS, "A §4"),
    "first_resolution_time_in_minutes": Field(MINUTES, "B §10"),
    "full_resolution_time_in_minutes": Field(MINUTES, "B §10"),
    "agent_wait_time_in_minutes": Field(MINUTES, "B §10"),
    "requester_wait_time_in_minutes": Field(MINUTES, "B §10"),
    "on_hold_time_in_minutes": Field(MINUTES, "B §10"),
})  # fmt: skip

ONE = Shape("one metric set", "TicketMetricsByTicketMetricIdResponse", {
    "ticket_metric": Field(METRIC_SET, "A §4", differs="the example's list of one is not what clients are given: A §4"),
})  # fmt: skip

LIST, CURSOR_LIST = pages("ticket_metrics", METRIC_SET, "TicketMetricsResponse")
