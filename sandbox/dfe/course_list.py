"""A few courses for each provider; a part of the attributes in Publish's API description."""

from sandbox.account.tickets import Json
from sandbox.dfe.provider_codes import CODES

SUBJECTS = ["Mathematics", "Physics", "English", "Primary", "Chemistry", "History", "Geography"]
FUNDING = ["fee", "salary", "apprenticeship"]


def courses(provider_code: str) -> list[Json]:
    number = CODES.index(provider_code)
    return [_course(number, provider_code, n) for n in range(number % 6 + 1)]


def _course(number: int, provider_code: str, n: int) -> Json:
    subject = SUBJECTS[(number + n) % len(SUBJECTS)]
    return {
        "id": str(12944000 + number * 10 + n), "type": "courses",
        "attributes": {
            "accredited_provider_code": None if number % 3 == 0 else "1TZ", "age_minimum": 11, "age_maximum": 16,
            "applications_open_from": "2026-10-06", "changed_at": "2026-06-13T10:44:31Z",
            "code": f"{subject[0]}{number:02d}{n}",
            "course_length": "OneYear", "created_at": "2019-06-13T10:44:31Z", "findable": True,
            "funding_type": FUNDING[(number + n) % 3], "has_vacancies": n % 3 != 2, "is_send": False,
            "last_published_at": "2026-06-13T10:44:31Z", "level": "primary" if subject == "Primary" else "secondary",
            "name": subject, "open_for_applications": n % 3 != 2, "program_type": "scitt_programme",
            "qualifications": ["qts", "pgce"], "running": True, "start_date": "2027-09-01", "state": "published",
            "study_mode": "full_time", "summary": "PGCE with QTS full time", "subject_codes": ["00"],
            "can_sponsor_skilled_worker_visa": number % 2 == 0, "can_sponsor_student_visa": "true",
            "application_status": "closed" if n % 3 == 2 else "open",
            "training_route": "fee_funded_initial_teacher_training", "degree_type": "postgraduate",
        },
        "relationships": {"recruitment_cycle": {"meta": {"included": False}},
                          "provider": {"meta": {"included": False}},
                          "accredited_body": {"meta": {"included": False}}},
    }  # fmt: skip
