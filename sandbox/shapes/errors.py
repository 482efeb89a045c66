"""Everything that is not a success: four JSON shapes, plain text, nothing. None of them is in Zendesk's description."""

from sandbox.shapes.values import NOTHING, TEXT, WHOLE, Either, Field, Keyed, Listed, Shape

TITLED = Shape("what went wrong, with a title", "", {
    "title": Field(TEXT, "B §6"),
    "message": Field(TEXT, "B §6"),
})  # fmt: skip

DETAIL = Shape("what is wrong with a field", "", {
    "description": Field(TEXT, "B §6"),
    "error": Field(TEXT, "B §6", absent=True),
})  # fmt: skip

CODED = Shape("an error with a code", "", {
    "code": Field(TEXT, "B §6"),
    "title": Field(TEXT, "A §3"),
    "detail": Field(TEXT, "A §3"),
})  # fmt: skip

WITH_TITLE = Shape("error in an object", "", {"error": Field(TITLED, "B §6")})

NAMED = Shape("error by name", "", {
    "error": Field(TEXT, "B §6"),
    "description": Field(TEXT, "B §6"),
    "details": Field(Keyed(Listed(DETAIL)), "B §6", absent=True),
    "max_count": Field(WHOLE, "B §2", absent=True),
    "current_job_ids": Field(Listed(TEXT), "A §3", absent=True),
})  # fmt: skip

SEVERAL = Shape("errors in a list", "", {"errors": Field(Listed(CODED), "B §6")})
BARE = Shape("error alone", "", {"error": Field(TEXT, "B §6")})
OF_OAUTH = Shape(
    "error of OAuth", "", {"error": Field(TEXT, "A §2.4"), "error_description": Field(TEXT, "unconfirmed")}
)

ERROR = Either((WITH_TITLE, NAMED, SEVERAL, BARE, OF_OAUTH, TEXT, NOTHING))
