"""The Webhooks API, which Zendesk does not describe: as recorded."""

from sandbox.shapes.parts import CURSOR
from sandbox.shapes.values import TEXT, WHOLE, Either, Field, Keyed, Listed, Shape, like, word

SINCE = like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{9})?Z")  # nanoseconds only in the answer that created it
ULID = like(r"[0-9A-HJKMNP-TV-Z]{26}")

AUTHENTICATION = Shape("a webhook's authentication", "", {
    "type": Field(word("basic_auth", "bearer_token", "api_key"), "A §1.3"),
    "data": Field(Keyed(TEXT), "B §12"),  # without passwords and tokens
    "add_position": Field(TEXT, "A §1.3", absent=True),
})  # fmt: skip

WEBHOOK = Shape("webhook", "", {
    "id": Field(ULID, "A §1.3"),
    "name": Field(TEXT, "A §1.3"),
    "status": Field(word("active", "inactive"), "A §1.3"),
    "subscriptions": Field(Listed(TEXT), "A §1.3"),
    "created_at": Field(SINCE, "B §12"),
    "created_by": Field(TEXT, "B §12"),
    "updated_at": Field(SINCE, "A §1.3"),
    "updated_by": Field(TEXT, "A §1.3"),
    "endpoint": Field(TEXT, "A §1.3"),
    "http_method": Field(word("GET", "POST", "PUT", "PATCH", "DELETE"), "A §1.3"),
    "request_format": Field(word("json", "xml", "form_encoded"), "A §1.3"),
    "description": Field(TEXT, "A §1.3", absent=True),
    "custom_headers": Field(Keyed(TEXT), "unconfirmed", absent=True),
    "authentication": Field(AUTHENTICATION, "A §1.3", absent=True),
})  # fmt: skip

SECRET = Shape("what a webhook signs with", "", {
    "secret": Field(TEXT, "B §12"),
    "algorithm": Field(word("SHA256"), "B §12"),
})  # fmt: skip

HEADER = Shape("a header", "", {"key": Field(TEXT, "B §12"), "value": Field(TEXT, "B §12")})

TRIED = Shape("what a test was answered", "", {
    "status": Field(Either((WHOLE, TEXT)), "unconfirmed"),
    "headers": Field(Listed(HEADER), "unconfirmed"),
    "payload": Field(TEXT, "unconfirmed"),
})  # fmt: skip

ONE = Shape("one webhook", "", {"webhook": Field(WEBHOOK, "A §1.3")})
LIST = Shape("webhooks", "", {"webhooks": Field(Listed(WEBHOOK), "A §1.3"), **CURSOR})
SIGNING_SECRET = Shape("a signing secret", "", {"signing_secret": Field(SECRET, "B §12")})
TEST = Shape("a webhook tried out", "", {"response": Field(TRIED, "unconfirmed")})
