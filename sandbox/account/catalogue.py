"""The account's brands, groups, forms and ticket fields: codes and names, nothing personal."""

from typing import Any

APPLY = "Apply for teacher training"
MANAGE = "Manage"
PUBLISH = "Publish"
PLACEMENTS = "Manage school placements"
REGISTER = "Register trainee teachers"

BRANDS = {
    APPLY: 360001000101,
    MANAGE: 360001000102,
    PUBLISH: 360001000103,
    PLACEMENTS: 360001000104,
    REGISTER: 360001000105,
}
GROUPS = {
    "Becoming a teacher support": 360002000201,
    "Provider support": 360002000202,
    "School placements support": 360002000203,
    "Register support": 360002000204,
    "Publish support": 360002000205,
    "Safeguarding": 360002000206,
}
PRIVATE_GROUPS = frozenset({GROUPS["Safeguarding"]})
FORMS = {"Candidate": 360003000301, "Provider": 360003000302, "Placements": 360003000303, "General": 360003000304}

BRAND_NAMES = {number: name for name, number in BRANDS.items()}
GROUP_NAMES = {number: name for name, number in GROUPS.items()}
FORM_NAMES = {number: name for name, number in FORMS.items()}

HANDLED_BY = {
    APPLY: ("Becoming a teacher support", "Candidate"),
    MANAGE: ("Provider support", "Provider"),
    PUBLISH: ("Publish support", "Provider"),
    PLACEMENTS: ("School placements support", "Placements"),
    REGISTER: ("Register support", "General"),
}

PROVIDER_CODE = 360011490478
CANDIDATE_ID = 360011490479
TOPIC = 360011490480
PURPOSE = 360011490481
TOPICS = ["sign_in", "application_status", "course_details", "references", "offers", "other"]
PURPOSES = ["answer_query", "fix_data", "investigate_fault", "other"]

FIELDS: dict[int, tuple[str, str, list[str]]] = {
    PROVIDER_CODE: ("Provider code", "text", []),
    CANDIDATE_ID: ("Candidate id", "text", []),
    TOPIC: ("Topic", "tagger", TOPICS),
    PURPOSE: ("Purpose of look-up", "tagger", PURPOSES),
}
SYSTEM_FIELDS = {
    360000000011: ("Subject", "subject"),
    360000000012: ("Description", "description"),
    360000000013: ("Status", "status"),
}


def number_of(names: dict[str, int], given: Any) -> int:
    """Accept a name or an id, as the control path does."""
    number = names.get(str(given)) or int(given)
    if number not in names.values():
        raise KeyError(given)
    return number
