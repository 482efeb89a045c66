"""Publish's answers: its description of the API (public_v1) and our notes on the DfE services (`D`, by section)."""

from dataclasses import replace

from sandbox.shapes.values import FLAG, MOMENT, NUMBER, OAS, TEXT, WHOLE, Either, Field, Listed, Shape, Type, like, word

NULLS = "the description misses nulls: D §1b"
DAY = like(r"\d{4}-\d\d-\d\d")
REGIONS = word("no_region", "london", "south_east", "south_west", "wales", "west_midlands", "east_midlands", "eastern",
               "north_west", "yorkshire_and_the_humber", "north_east", "scotland")  # fmt: skip
# Described as true or false, with "true" in its example; both were seen.
TRUTH = Either((FLAG, word("true", "false")))
OR_TEXT = "texts were seen too: D §1b"


def _each(type_: Type, *names: str, null: bool = False) -> dict[str, Field]:
    return dict.fromkeys(names, Field(type_, OAS, null=null))


def _truths(*names: str) -> dict[str, Field]:
    return dict.fromkeys(names, Field(TRUTH, OAS, differs=OR_TEXT))


def _or_null(type_: Type, fact: str, *names: str) -> dict[str, Field]:
    return dict.fromkeys(names, Field(type_, fact, null=True, differs=NULLS))


PLACE = Field(Either((TEXT, NUMBER)), OAS, differs="described as float, with a text in its example")

PROVIDER_ATTRIBUTES = Shape(
    "a provider's attributes",
    "ProviderAttributes",
    {
        **_each(TEXT, "name", "email", "telephone", "postcode", "city", "street_address_1", "website"),
        **_each(TEXT, "train_with_us", "train_with_disability"),
        **_or_null(TEXT, "unconfirmed", "county", "street_address_2", "street_address_3"),
        **_or_null(like("[0-9]{8}"), "D §1b", "ukprn"),
        **_or_null(like("[0-9]{5,6}"), "D §1b", "urn"),
        **_each(MOMENT, "changed_at", "created_at"),
        **_truths("accredited_body", "can_sponsor_skilled_worker_visa", "can_sponsor_student_visa"),
        "code": Field(like("[A-Z0-9]{3}"), OAS),
        "latitude": PLACE,
        "longitude": PLACE,
        "provider_type": Field(word("scitt", "lead_school", "university"), OAS),
        "region_code": Field(REGIONS, OAS),
        "selectable_school": Field(FLAG, OAS),
        "discarded_at": Field(MOMENT, OAS, null=True, absent=True),
    },
)
FEW_ATTRIBUTES = replace(
    PROVIDER_ATTRIBUTES,
    name="some of a provider's attributes",
    fields={name: replace(field, absent=True) for name, field in PROVIDER_ATTRIBUTES.fields.items()},
)

IDENTIFIER = Shape("an identifier", "ResourceIdentifier", {"type": Field(TEXT, OAS), "id": Field(TEXT, OAS)})
NAMED = Shape("a named relation", "", {"data": Field(IDENTIFIER, "D §1b")})
UNNAMED = Shape("a relation that was not asked for", "", {
    "meta": Field(Shape("whether it is included", "", {"included": Field(FLAG, "D §1b")}), "D §1b"),
})  # fmt: skip
RELATION = Either((NAMED, UNNAMED))

PROVIDER = Shape("a provider", "ProviderResource", {
    "id": Field(TEXT, OAS),
    "type": Field(word("providers"), OAS),
    "attributes": Field(Either((PROVIDER_ATTRIBUTES, FEW_ATTRIBUTES)), OAS),
    "relationships": Field(Shape("a provider's relations", "ProviderRelationshipList", {
        "recruitment_cycle": Field(RELATION, OAS, absent=True),
    }), OAS),
})  # fmt: skip

CYCLE = Shape("a recruitment cycle", "RecruitmentCycleResource", {
    "id": Field(TEXT, OAS),
    "type": Field(word("recruitment_cycles"), OAS),
    "attributes": Field(Shape("a recruitment cycle's attributes", "RecruitmentCycleAttributes", {
        "year": Field(WHOLE, OAS),
        "application_start_date": Field(DAY, OAS),
        "application_end_date": Field(DAY, OAS),
    }), OAS),
})  # fmt: skip

VERSION = Shape("the version", "JSONAPI", {"version": Field(TEXT, OAS)})
NOT_DESCRIBED = "in its answers, and not described: D §1b"
LINKS = Shape(
    "a page's links", "", {name: Field(TEXT, "D §1b", null=True) for name in ("first", "last", "prev", "next")}
)
COUNT = Shape("how many there are", "", {"count": Field(WHOLE, "D §1b")})
PAGED = {
    "links": Field(LINKS, "D §1b", differs=NOT_DESCRIBED),
    "meta": Field(COUNT, "D §1b", differs=NOT_DESCRIBED),
    "jsonapi": Field(VERSION, OAS),
}

ONE_PROVIDER = Shape("one provider", "ProviderSingleResponse", {
    "data": Field(PROVIDER, OAS),
    "included": Field(Listed(CYCLE), OAS, absent=True),
    "jsonapi": Field(VERSION, OAS),
})  # fmt: skip
PROVIDERS = Shape("a page of providers", "ProviderListResponse", {
    "data": Field(Listed(PROVIDER), OAS),
    "included": Field(Listed(CYCLE), OAS, absent=True),
    **PAGED,
})  # fmt: skip

SUGGESTION = Shape("a suggestion", "ProviderSuggestion", {
    "id": Field(TEXT, OAS),
    "type": Field(word("provider_suggestions"), OAS),
    "attributes": Field(Shape("a suggested provider", "ProviderSuggestionAttributes", {
        "name": Field(TEXT, OAS),
        "code": Field(like("[A-Z0-9]{3}"), OAS),
    }), OAS),
})  # fmt: skip
SUGGESTIONS = Shape("suggestions", "ProviderSuggestionListResponse", {
    "data": Field(Listed(SUGGESTION), OAS),
    "jsonapi": Field(VERSION, OAS),
})  # fmt: skip

PROBLEM = {"status": Field(WHOLE, OAS), "title": Field(TEXT, OAS), "detail": Field(TEXT, OAS)}
ERROR = Shape("Publish's refusal", "404ErrorResponse", {
    "errors": Field(Listed(Shape("one of Publish's errors", "404ErrorResponse.errors", PROBLEM)), OAS),
})  # fmt: skip
