"""The candidates that Apply knows here, C1234 and on. Shape: Apply's candidate API specification, v1.4."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from sandbox.account import markers
from sandbox.account.clock import iso
from sandbox.account.tickets import Json
from sandbox.dfe import hostile
from sandbox.dfe.course_list import courses
from sandbox.dfe.provider_codes import CODES
from sandbox.dfe.provider_list import providers

FIRST_CANDIDATE = 1234
HOW_MANY = 250
REMOVED = 1240
OUTCOMES = {
    "awaiting_provider_decisions": ["awaiting_provider_decision", "interviewing", "inactive"],
    "awaiting_candidate_response": ["offer", "rejected"],
    "pending_conditions": ["pending_conditions", "declined"],
    "recruited": ["recruited", "withdrawn"],
    "offer_deferred": ["offer_deferred"],
    "ended_without_success": ["rejected", "withdrawn", "conditions_not_met", "offer_withdrawn"],
    "unsubmitted_in_progress": ["unsubmitted"],
}
# Those after the others, so that each status has a candidate; the last is no word that Apply knows.
RARE = {
    "never_signed_in": [],
    "unsubmitted_not_started_form": [],
    "unknown_state": ["cancelled", "application_not_sent"],
    "on_holiday": ["gone_fishing"],
}
BEGAN = datetime(2025, 10, 7, 9, tzinfo=UTC)
NEXT_CYCLE = datetime(2026, 9, 29, tzinfo=UTC)


def candidates() -> dict[str, Json]:
    random = Random("candidates")
    numbers = range(FIRST_CANDIDATE, FIRST_CANDIDATE + HOW_MANY)
    known = {f"C{number}": _candidate(random, number) for number in numbers}
    for number, status in enumerate(RARE, numbers.stop):
        known[f"C{number}"] = _with_status(_candidate(random, number), number, status)
    known[hostile.CANDIDATE] = hostile.everywhere(_candidate(random, int(hostile.CANDIDATE[1:])))
    return known


def _with_status(candidate: Json, number: int, status: str) -> Json:
    form = candidate["attributes"]["application_forms"][0]
    at, random = BEGAN + timedelta(days=number - FIRST_CANDIDATE), Random(status)
    form["application_status"] = status
    form["application_choices"]["data"] = [
        _choice(random, number * 10 + n, at, one) for n, one in enumerate(RARE[status])
    ]
    return candidate


def _candidate(random: Random, number: int) -> Json:
    forms = [_form(random, number, again) for again in range(2 if number % 5 == 0 else 1)]
    email = markers.email("candidate", number)
    if number == REMOVED:  # Apply keeps the row of somebody who asked to go, under such an address
        email = f"deleted-application-{markers.MARKER}-{number}@example.invalid"
    attributes = {
        "created_at": forms[0]["created_at"],
        "updated_at": forms[-1]["updated_at"],
        "email_address": email,
        "application_forms": forms,
    }
    return {"id": f"C{number}", "type": "candidate", "attributes": attributes}


def _form(random: Random, number: int, again: int) -> Json:
    at = BEGAN + timedelta(days=(number - FIRST_CANDIDATE) % 1000 + again * 40, minutes=number)
    status = list(OUTCOMES)[(number - FIRST_CANDIDATE + again) % len(OUTCOMES)]
    sent = status != "unsubmitted_in_progress"
    choices = [_choice(random, number * 10 + again * 4 + n, at, choice) for n, choice in enumerate(OUTCOMES[status])]
    reference = {
        "id": number * 10 + again,
        "created_at": iso(at),
        "updated_at": iso(at),
        "requested_at": iso(at),
        "feedback_status": "feedback_requested",
        "referee_type": "academic",
    }
    return {
        "id": number * 2 + again, "created_at": iso(at), "updated_at": iso(at + timedelta(days=20)),
        "first_name": f"Sbxperson{number}", "last_name": f"Sbxperson{number}", "application_status": status,
        "application_phase": "apply_2" if again else "apply_1",
        "recruitment_cycle_year": 2026 if at < NEXT_CYCLE else 2027,
        "submitted_at": iso(at + timedelta(days=2)) if sent else None,
        "application_choices": {"completed": sent, "data": choices},
        "references": {"completed": sent, "data": [reference]}, "qualifications": {"completed": True},
        "personal_statement": {"completed": sent},
    }  # fmt: skip


def _choice(random: Random, number: int, at: datetime, status: str) -> Json:
    code = "1TZ" if number // 10 == FIRST_CANDIDATE else random.choice(CODES)
    about = courses(code)[0]["attributes"]
    sent = None if status == "unsubmitted" else iso(at + timedelta(days=2))
    accepted = iso(at + timedelta(days=18)) if status in ("pending_conditions", "recruited", "offer_deferred") else None
    meeting = {
        "id": number,
        "created_at": iso(at),
        "updated_at": iso(at),
        "date_and_time": iso(at + timedelta(days=14)),
        "cancelled_at": None,
    }
    return {
        "id": number, "created_at": iso(at), "updated_at": iso(at + timedelta(days=20)), "sent_to_provider_at": sent,
        "accepted_at": accepted, "status": status,
        "course": {"uuid": str(UUID(int=random.getrandbits(128), version=4)), "name": about["name"],
                   "level": about["level"], "funding_type": "fee", "program_type": "scitt_programme"},
        "provider": {"name": NAMES[code]}, "interviews": [meeting] if status == "interviewing" else [],
    }  # fmt: skip


NAMES = {code: provider["attributes"]["name"].strip() for code, provider in providers().items()}
