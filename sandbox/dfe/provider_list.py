"""Training providers, with the oddities of real ones: no UKPRN, stray spaces, booleans that are text."""

from sandbox.account import markers
from sandbox.account.tickets import Json
from sandbox.dfe import hostile
from sandbox.dfe.provider_codes import CODES

REGIONS = [
    "london",
    "south_east",
    "south_west",
    "west_midlands",
    "east_midlands",
    "eastern",
    "north_west",
    "yorkshire_and_the_humber",
    "north_east",
]
KINDS = ["scitt", "lead_school", "university"]
NAMES = {"scitt": "Sandbox SCITT", "lead_school": "Sandbox School Alliance", "university": "University of Sandbox"}
CHANGED = "2026-06-13T10:44:31Z"
FIRST_ID = 14500


def providers() -> dict[str, Json]:
    return {code: _provider(number, code) for number, code in enumerate(CODES)}


def hostile_provider() -> Json:
    """The one whose every text is hostile."""
    spoilt = hostile.everywhere(_provider(len(CODES), hostile.PROVIDER))
    spoilt["attributes"]["name"] = f"{hostile.MARKUP} {spoilt['attributes']['name']}"
    return spoilt


def _provider(number: int, code: str) -> Json:
    return {"id": str(FIRST_ID + number), "type": "providers", "attributes": _attributes(number, code)}


def _attributes(number: int, code: str) -> Json:
    """Keys exactly as in Publish's API description; contacts are often a named person's."""
    kind = KINDS[number % 3] if number else "university"
    name = f"{NAMES[kind]} {code}" if number else "Sandbox Institute of Teaching, North Campus"
    astray = number % 7 == 3
    return {
        "accredited_body": "true" if number % 4 == 1 else number % 3 == 0, "city": f"Sandbox Town {number}",
        "county": None if number % 5 == 2 else "Sandboxshire", "changed_at": CHANGED, "code": code,
        "ukprn": None if number % 3 == 1 else str(10070000 + number),
        "urn": None if number % 2 else str(115000 + number),
        "created_at": "2019-06-13T10:44:31Z", "postcode": f"{' ' if astray else ''}SB{number % 9 + 1} 1AA",
        "latitude": "51.498161", "longitude": -0.1299, "telephone": markers.phone(number),
        "email": markers.email("contact", number), "name": f" {name}" if astray else name, "provider_type": kind,
        "region_code": REGIONS[number % len(REGIONS)], "street_address_1": f"{number + 1} Sandbox Road",
        "street_address_2": None, "street_address_3": None, "train_with_disability": "We support every trainee.",
        "train_with_us": f"Ask {markers.name('head', number)} about our school.", "website": f"https://{code.lower()}.provider.example",
        "can_sponsor_skilled_worker_visa": "true" if number % 2 else True,
        "can_sponsor_student_visa": number % 2 == 0, "selectable_school": number % 5 == 0,
    }  # fmt: skip
