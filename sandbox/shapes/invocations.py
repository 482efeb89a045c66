"""A webhook's activity log: invocations and the attempts at each."""

from sandbox.shapes.parts import CURSOR
from sandbox.shapes.values import MOMENT, TEXT, WHOLE, Field, Listed, Shape, word
from sandbox.shapes.webhooks import HEADER, ULID

STATUS = word("success", "failed", "terminated", "throttled", "circuit broken", "timed out")

INVOCATION = Shape("invocation", "", {
    "id": Field(ULID, "A §1.1"),
    "status": Field(STATUS, "B §12"),
    "status_code": Field(WHOLE, "B §12", absent=True),
    "latest_completed_at": Field(MOMENT, "unconfirmed"),
})  # fmt: skip

SENT = Shape("what was sent", "", {
    "headers": Field(Listed(HEADER), "B §12"),
    "payload": Field(TEXT, "B §12"),
})  # fmt: skip

ATTEMPT = Shape("attempt", "", {
    "id": Field(ULID, "A §1.1"),
    "invocation_id": Field(ULID, "A §1.1"),
    "status": Field(STATUS, "B §12"),
    "status_code": Field(WHOLE, "B §12", absent=True),
    "completed_at": Field(MOMENT, "unconfirmed"),
    "request": Field(SENT, "B §12", absent=True),
    "response": Field(SENT, "B §12", absent=True),
})  # fmt: skip

LIST = Shape("invocations", "", {"invocations": Field(Listed(INVOCATION), "B §12"), **CURSOR})
ATTEMPTS = Shape("attempts", "", {"attempts": Field(Listed(ATTEMPT), "B §12"), **CURSOR})
