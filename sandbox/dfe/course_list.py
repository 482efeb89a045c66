"""Courses for each provider, with all the attributes in Publish's API description: open, closed, drafts, withdrawn."""

from sandbox.account import markers
from sandbox.account.tickets import Json
from sandbox.dfe.provider_codes import CODES

SUBJECTS = ["Mathematics", "Physics", "English", "Primary", "Chemistry", "History", "Geography"]
FUNDING = ["fee", "salary", "apprenticeship"]
LARGE, MANY = "W88", 730  # a university whose courses are more than a page
STATES = ("published", "published", "published", "draft", "withdrawn", "rolled_over")
CHANGED = "2026-06-13T10:44:31Z"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def courses(provider_code: str) -> list[Json]:
    number = CODES.index(provider_code) if provider_code in CODES else len(CODES)
    count = MANY if provider_code == LARGE else number % 6 + 1
    return [_course(number, n) for n in range(count)]


def _course(number: int, n: int) -> Json:
    attributes = _identity(number, n) | _texts(number) | _fees() | _entry() | _flags(number, n)
    return {"id": str(12944000 + number * 1000 + n), "type": "courses", "attributes": attributes}


def _identity(number: int, n: int) -> Json:
    subject, state = SUBJECTS[(number + n) % len(SUBJECTS)], STATES[n % len(STATES)]
    return {
        "accredited_provider_code": None if number % 3 == 0 else "1TZ", "age_minimum": 11, "age_maximum": 16,
        "applications_open_from": "2026-10-06", "bursary_amount": None, "bursary_requirements": [],
        "campaign_name": None, "changed_at": CHANGED, "code": _code(number, n), "course_length": "OneYear",
        "created_at": "2019-06-13T10:44:31Z", "degree_type": "postgraduate", "funding_type": FUNDING[(number + n) % 3],
        "last_published_at": None if state == "draft" else CHANGED,
        "level": "primary" if subject == "Primary" else "secondary", "name": subject, "program_type": "scitt_programme",
        "qualifications": ["qts", "pgce"], "scholarship_amount": None, "start_date": "2027-09-01", "state": state,
        "study_mode": "full_time", "subject_codes": ["00"], "summary": "PGCE with QTS full time",
        "training_route": "fee_funded_initial_teacher_training", "visa_sponsorship_application_deadline_at": None,
    }  # fmt: skip


def _code(number: int, n: int) -> str:
    """Four letters and digits."""
    return f"{LETTERS[number % 24]}{LETTERS[number // 24]}{LETTERS[n // len(LETTERS)]}{LETTERS[n % len(LETTERS)]}"


def _texts(number: int) -> Json:
    """Whatever a provider writes, a name among it."""
    text = f"Ask {markers.name('tutor', number)} about it."
    names = ("about_accredited_body", "about_course", "assessment_methods", "duration_per_school",
             "how_school_placements_work", "interview_process", "other_requirements", "personal_qualities",
             "placement_school_activities", "placement_selection_criteria", "school_experience_required_content",
             "support_and_mentorship", "theoretical_training_activities", "theoretical_training_duration",
             "theoretical_training_location")  # fmt: skip
    return dict.fromkeys(names, text) | {"interview_location": "both", "school_experience_required": False}


def _fees() -> Json:
    return {
        "additional_fees": None, "fee_details": None, "fee_domestic": 9535, "fee_international": None,
        "fee_schedule": None, "financial_support": None, "salary_details": None, "salary_fee_details": None,
    }  # fmt: skip


def _entry() -> Json:
    said: Json = {"degree_grade": "two_two", "degree_subject_requirements": None, "required_qualifications": None}
    said |= {"gcse_subjects_required": ["maths", "english"], "additional_gcse_equivalencies": None}
    said |= {f"required_qualifications_{subject}": "not_required" for subject in ("english", "maths", "science")}
    kinds = ("pending_gcse", "gcse_equivalency", "english_gcse_equivalency", "maths_gcse_equivalency",
             "science_gcse_equivalency")  # fmt: skip
    return said | {f"accept_{kind}": None for kind in kinds}


def _flags(number: int, n: int) -> Json:
    """What the description calls booleans, and gives texts for in its examples."""
    is_open, is_shown = n % 3 != 2, STATES[n % len(STATES)] == "published"
    return {
        "application_status": "open" if is_open else "closed", "can_sponsor_skilled_worker_visa": number % 2 == 0,
        "can_sponsor_student_visa": "true", "findable": is_shown, "has_bursary": False,
        "has_early_career_payments": False, "has_scholarship": False, "has_vacancies": is_open, "is_send": False,
        "open_for_applications": is_open and is_shown, "running": is_shown,
    }  # fmt: skip
