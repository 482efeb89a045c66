"""Apply's answers: its description of the Candidate API, and our notes on the DfE services (`D`, by section)."""

from sandbox.shapes.values import FLAG, MOMENT, OAS, TEXT, WHOLE, Field, Listed, Shape, like, word

FORM_STATUSES = ("never_signed_in", "unsubmitted_not_started_form", "unsubmitted_in_progress",
                 "awaiting_provider_decisions", "awaiting_candidate_response", "recruited", "pending_conditions",
                 "offer_deferred", "ended_without_success", "unknown_state")  # fmt: skip
CHOICE_STATUSES = ("unsubmitted", "cancelled", "awaiting_provider_decision", "interviewing", "offer",
                   "pending_conditions", "recruited", "rejected", "application_not_sent", "offer_withdrawn", "declined",
                   "withdrawn", "conditions_not_met", "offer_deferred")  # fmt: skip
PROGRAMMES = word("higher_education_programme", "higher_education_salaried_programme",
                  "school_direct_training_programme", "school_direct_salaried_training_programme",
                  "scitt_programme")  # fmt: skip
REFERENCES = word("cancelled", "cancelled_at_end_of_cycle", "not_requested_yet", "feedback_requested",
                  "feedback_provided", "feedback_refused", "email_bounced")  # fmt: skip
NULLS = "the description misses nulls: unconfirmed"
LONDON = like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+0[01]:00)")
DATES = {"created_at": Field(MOMENT, OAS), "updated_at": Field(MOMENT, OAS)}


def completed(name: str, schema: str) -> Shape:
    """A section of the form, of which only that is told."""
    return Shape(name, schema, {"completed": Field(FLAG, OAS)})


INTERVIEW = Shape("an interview", "Interview", {
    "id": Field(WHOLE, OAS),
    **DATES,
    "date_and_time": Field(MOMENT, OAS),
    "cancelled_at": Field(MOMENT, OAS, null=True, differs=NULLS),
})  # fmt: skip

CHOICE = Shape("an application choice", "ApplicationChoice", {
    "id": Field(WHOLE, OAS),
    **DATES,
    "sent_to_provider_at": Field(MOMENT, OAS, null=True, differs=NULLS),
    "accepted_at": Field(MOMENT, OAS, null=True, differs=NULLS),
    "status": Field(word(*CHOICE_STATUSES, "inactive"), OAS, differs="the data has inactive too: D §1a"),
    "course": Field(Shape("a chosen course", "Course", {
        "uuid": Field(like("[0-9a-f-]{36}"), OAS),
        "name": Field(TEXT, OAS),
        "level": Field(word("primary", "secondary", "further_education"), OAS),
        "funding_type": Field(word("fee", "salaried", "apprenticeship"), OAS),
        "program_type": Field(PROGRAMMES, OAS),
    }), OAS),
    "provider": Field(Shape("a chosen provider", "Provider", {"name": Field(TEXT, OAS)}), OAS),
    "interviews": Field(Listed(INTERVIEW), OAS),
})  # fmt: skip

REFERENCE = Shape("a reference", "Reference", {
    "id": Field(WHOLE, OAS),
    **DATES,
    "requested_at": Field(MOMENT, OAS),
    "feedback_status": Field(REFERENCES, OAS),
    "referee_type": Field(word("academic", "professional", "school_based", "character"), OAS),
})  # fmt: skip

FORM = Shape("an application form", "ApplicationForm", {
    "id": Field(WHOLE, OAS),
    **DATES,
    "first_name": Field(TEXT, OAS),
    "last_name": Field(TEXT, OAS),
    "application_status": Field(word(*FORM_STATUSES), OAS),
    "application_phase": Field(word("apply_1", "apply_2"), OAS),
    "recruitment_cycle_year": Field(WHOLE, OAS),
    "submitted_at": Field(MOMENT, OAS, null=True),
    "application_choices": Field(Shape("application choices", "ApplicationChoices", {
        "completed": Field(FLAG, OAS),
        "data": Field(Listed(CHOICE), OAS),
    }), OAS),
    "references": Field(Shape("references", "References", {
        "completed": Field(FLAG, OAS),
        "data": Field(Listed(REFERENCE), OAS),
    }), OAS),
    "qualifications": Field(completed("qualifications", "Qualifications"), OAS),
    "personal_statement": Field(completed("a personal statement", "PersonalStatement"), OAS),
})  # fmt: skip

CANDIDATE = Shape("one candidate", "CandidateDetail", {
    "data": Field(Shape("a candidate", "Candidate", {
        "id": Field(like("C[0-9]+"), OAS),
        "type": Field(word("candidate"), OAS),
        "attributes": Field(Shape("a candidate's attributes", "CandidateAttributes", {
            **DATES,
            "email_address": Field(TEXT, OAS),
            "application_forms": Field(Listed(FORM), OAS),
        }), OAS),
    }), OAS),
})  # fmt: skip

TIMETABLE = Shape("a timetable", "", {
    **{name: Field(LONDON, "D §1a") for name in ("find_opens_at", "apply_opens_at", "apply_deadline_at",
                                                 "reject_by_default_at", "decline_by_default_at", "find_closes_at",
                                                 "updated_at")},
    "recruitment_cycle_year": Field(WHOLE, "D §1a"),
})  # fmt: skip
TIMETABLES = Shape("timetables", "", {"data": Field(Listed(TIMETABLE), "D §1a")})

ERROR = Shape("Apply's refusal", "NotFoundResponse", {
    "errors": Field(Listed(Shape("one of Apply's errors", "Error", {
        "error": Field(TEXT, OAS),
        "message": Field(TEXT, OAS),
    })), OAS),
})  # fmt: skip
