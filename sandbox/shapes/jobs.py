"""Bulk jobs and what they say became of each."""

from sandbox.shapes.parts import pages
from sandbox.shapes.values import FLAG, OAS, TEXT, WHOLE, Either, Field, Listed, Shape, like, word

DELETED = Shape("a ticket deleted by a job", "UpdateResourceResult", {
    "action": Field(word("delete"), "B §2"),
    "id": Field(WHOLE, "B §2"),
    "status": Field(word("Deleted"), "B §2"),
    "success": Field(FLAG, "B §2"),
})  # fmt: skip

FAILED = Shape("a ticket that a job could not delete", "FailedResult", {
    "action": Field(word("delete"), OAS),
    "id": Field(WHOLE, OAS),
    "success": Field(FLAG, OAS),
    "error": Field(TEXT, OAS),
    "details": Field(TEXT, OAS),
})  # fmt: skip

BARE = Shape("a row of a permanent deletion", "", {"success": Field(FLAG, "B §4")})
DONE = Shape("a permanent deletion's result", "", {"success": Field(FLAG, "B §3")})

JOB = Shape("job status", "JobStatusObject", {
    "id": Field(like(r"V3-[0-9a-f]{32}"), "B §2"),
    "job_type": Field(TEXT, "B §2"),
    "url": Field(TEXT, "B §2"),
    "total": Field(WHOLE, "B §4", null=True),
    "progress": Field(WHOLE, "B §3", null=True),
    "status": Field(word("queued", "working", "failed", "completed", "killed"), "A §2.1"),
    "message": Field(TEXT, "B §3", null=True),
    "results": Field(Either((Listed(Either((DELETED, FAILED, BARE))), DONE)), "B §3", null=True),
})  # fmt: skip

ONE = Shape("one job", "JobStatusResponse", {"job_status": Field(JOB, OAS)})
MANY = Shape("jobs by id", "JobStatusesResponse", {"job_statuses": Field(Listed(JOB), OAS)})
LIST, CURSOR_LIST = pages("job_statuses", JOB, "JobStatusesResponse")
