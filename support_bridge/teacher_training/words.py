"""The teacher-training services' code words, in the words that their users know; a code that is not here is unknown."""

UNKNOWN = "unknown"

# As the Manage service shows them to providers. It shows an inactive one, and those it is never sent, to nobody in a
# word of their own: those words are ours.
CHOICE_STATUSES = {
    "unsubmitted": "Not submitted",
    "cancelled": "Cancelled before it was sent",
    "application_not_sent": "Not sent",
    "awaiting_provider_decision": "Received",
    "inactive": "Received, now inactive",
    "interviewing": "Interviewing",
    "offer": "Offered",
    "offer_withdrawn": "Offer withdrawn",
    "pending_conditions": "Conditions pending",
    "recruited": "Recruited",
    "rejected": "Rejected",
    "declined": "Declined",
    "withdrawn": "Application withdrawn",
    "conditions_not_met": "Conditions not met",
    "offer_deferred": "Deferred",
}

FORM_STATUSES = {
    "never_signed_in": "The candidate has never signed in",
    "unsubmitted_not_started_form": "Not started",
    "unsubmitted_in_progress": "Being filled in",
    "awaiting_provider_decisions": "Waiting for providers",
    "awaiting_candidate_response": "Waiting for the candidate",
    "recruited": "Recruited",
    "pending_conditions": "Offer accepted, conditions pending",
    "offer_deferred": "Offer deferred",
    "ended_without_success": "Ended without success",
    "unknown_state": "Unknown to Apply",
}

PROVIDER_TYPES = {
    "scitt": "School-centred initial teacher training (SCITT)",
    "lead_school": "Lead school",
    "university": "University (HEI)",
}

REGIONS = {
    "london": "London",
    "south_east": "South East",
    "south_west": "South West",
    "west_midlands": "West Midlands",
    "east_midlands": "East Midlands",
    "eastern": "East of England",
    "north_west": "North West",
    "north_east": "North East",
    "yorkshire_and_the_humber": "Yorkshire and the Humber",
    "wales": "Wales",
    "scotland": "Scotland",
    "no_region": "No region",
}


def in_words(code: str, words: dict[str, str]) -> str:
    """The code's words, for somebody to read."""
    return words.get(code, "Unknown")
