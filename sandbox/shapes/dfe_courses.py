"""Courses in Publish's answers: its description of the API (public_v1) and our notes on the DfE services (`D`)."""

from sandbox.shapes.dfe_publish import CYCLE, DAY, OR_TEXT, PAGED, PROVIDER, RELATION, TRUTH
from sandbox.shapes.values import FLAG, MOMENT, OAS, TEXT, WHOLE, Either, Field, Listed, Plain, Shape, Type, like, word

ENTRY = word("", "must_have_qualification_at_application_time", "expect_to_achieve_before_training_begins",
             "equivalence_test", "not_required")  # fmt: skip
PROGRAMMES = word("higher_education_programme", "scitt_programme", "school_direct_training_programme",
                  "school_direct_salaried_training_programme", "pg_teaching_apprenticeship",
                  "teacher_degree_apprenticeship")  # fmt: skip
ROUTES = word("fee_funded_initial_teacher_training", "school_direct_salaried", "postgraduate_teacher_apprenticeship",
              "teacher_degree_apprenticeship")  # fmt: skip


def _each(type_: Type, *names: str) -> dict[str, Field]:
    return dict.fromkeys(names, Field(type_, OAS))


def _or_null(type_: Type, *names: str) -> dict[str, Field]:
    return dict.fromkeys(names, Field(type_, OAS, null=True))


def _texts(*names: str) -> dict[str, Field]:
    """What providers write."""
    return _or_null(TEXT, *names)


WRITTEN = {
    **_texts("about_accredited_body", "about_course", "additional_fees", "additional_gcse_equivalencies"),
    **_texts("assessment_methods", "degree_subject_requirements", "duration_per_school", "fee_details", "fee_schedule"),
    **_texts("financial_support", "how_school_placements_work", "interview_process", "other_requirements"),
    **_texts("personal_qualities", "placement_school_activities", "placement_selection_criteria"),
    **_texts("required_qualifications", "salary_details", "salary_fee_details", "school_experience_required_content"),
    **_texts("support_and_mentorship", "theoretical_training_activities", "theoretical_training_duration"),
    **_texts("theoretical_training_location"),
}

WORDS = {
    "application_status": Field(word("open", "closed"), OAS),
    "campaign_name": Field(word("engineers_teach_physics", "no_campaign"), OAS, null=True),
    "degree_grade": Field(word("two_one", "two_two", "third_class", "not_required"), OAS, null=True),
    "degree_type": Field(word("postgraduate", "undergraduate"), OAS),
    "funding_type": Field(word("salary", "apprenticeship", "fee"), OAS),
    "interview_location": Field(word("online", "in person", "both"), OAS, null=True),
    "level": Field(word("further_education", "primary", "secondary"), OAS),
    "program_type": Field(PROGRAMMES, OAS),
    "state": Field(word("rolled_over", "draft", "published", "withdrawn"), OAS),
    "study_mode": Field(word("both", "full_time", "part_time"), OAS),
    "training_route": Field(ROUTES, OAS),
    **_each(ENTRY, "required_qualifications_english", "required_qualifications_maths"),
    **_each(ENTRY, "required_qualifications_science"),
}

FLAGS = {
    **_each(FLAG, "findable", "has_bursary", "has_early_career_payments", "has_scholarship", "has_vacancies"),
    **_each(FLAG, "is_send", "open_for_applications", "running"),
    **_or_null(FLAG, "school_experience_required", "accept_pending_gcse", "accept_gcse_equivalency"),
    **_or_null(FLAG, "accept_english_gcse_equivalency", "accept_maths_gcse_equivalency"),
    **_or_null(FLAG, "accept_science_gcse_equivalency"),
    "can_sponsor_skilled_worker_visa": Field(TRUTH, OAS, differs=OR_TEXT),
    "can_sponsor_student_visa": Field(TRUTH, OAS, differs=OR_TEXT),
}

LISTS = _each(Listed(TEXT), "bursary_requirements", "gcse_subjects_required", "qualifications", "subject_codes")
CODE: Plain = like("[A-Z0-9]{4}")

ATTRIBUTES = Shape(
    "a course's attributes",
    "CourseAttributes",
    {
        **WRITTEN,
        **WORDS,
        **FLAGS,
        **LISTS,
        **_each(TEXT, "name", "summary"),
        **_or_null(TEXT, "course_length"),
        **_each(WHOLE, "age_minimum", "age_maximum"),
        **_or_null(WHOLE, "bursary_amount", "fee_international", "fee_domestic", "scholarship_amount"),
        **_each(DAY, "applications_open_from", "start_date"),
        **_each(MOMENT, "changed_at", "created_at"),
        **_or_null(MOMENT, "last_published_at", "visa_sponsorship_application_deadline_at"),
        "accredited_provider_code": Field(like("[A-Z0-9]{3}"), OAS, null=True),
        "code": Field(CODE, OAS),
    },
)

COURSE = Shape("a course", "CourseResource", {
    "id": Field(TEXT, OAS),
    "type": Field(word("courses"), OAS),
    "attributes": Field(ATTRIBUTES, OAS),
    "relationships": Field(Shape("a course's relations", "CourseRelationshipList", {
        "recruitment_cycle": Field(RELATION, OAS),
        "provider": Field(RELATION, OAS),
        "accredited_body": Field(RELATION, OAS),
    }), OAS),
})  # fmt: skip
COURSES = Shape("a page of courses", "CourseListResponse", {
    "data": Field(Listed(COURSE), OAS),
    "included": Field(Listed(Either((PROVIDER, CYCLE))), OAS, absent=True),
    **PAGED,
})  # fmt: skip
