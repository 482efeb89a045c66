"""The allow-lists: every field that is read of a DfE service's answer, and why. What is not named here is dropped
before anything else looks at the answer; so names, contacts, dates of birth, references and free text never get in.
"""

from collections.abc import Iterable
from typing import Any

# By their paths; a step goes through lists as well.
APPLY = {
    "data.id": "that the answer is about the candidate who was asked for",
    "data.attributes.email_address": "Apply marks a removed candidate in it; compared, and dropped",
    "data.attributes.application_forms.id": "the application form: links to its screen in Apply support",
    "data.attributes.application_forms.recruitment_cycle_year": "which cycle it is in, and so which deadlines hold",
    "data.attributes.application_forms.application_status": "where it stands, from a closed list of words",
    "data.attributes.application_forms.submitted_at": "since when it is out of the candidate's hands",
    "data.attributes.application_forms.application_choices.data.id": "the application's number, which people quote",
    "data.attributes.application_forms.application_choices.data.status": "where it stands, from a closed list of words",
    "data.attributes.application_forms.application_choices.data.course.name": "which course it is for",
    "data.attributes.application_forms.application_choices.data.provider.name": "which provider has it",
    "data.attributes.application_forms.application_choices.data.sent_to_provider_at": "since when the provider has it",
    "data.attributes.application_forms.application_choices.data.accepted_at": "when an offer was accepted",
    "data.attributes.application_forms.application_choices.data.interviews.date_and_time": "when the next one is",
    "data.attributes.application_forms.application_choices.data.interviews.cancelled_at": "which still take place",
}

PROVIDER = {
    "data.attributes.code": "that the answer is about the provider that was asked for",
    "data.attributes.name": "an organisation's name, to recognise it by",
    "data.attributes.provider_type": "what kind of provider it is, from a closed list of words",
    "data.attributes.region_code": "where it is, from a closed list of words",
    "data.attributes.accredited_body": "whether it may award qualified teacher status by itself",
    "data.attributes.ukprn": "the number by which other services know it",
    "data.attributes.urn": "the number by which other services know it, where it is a school",
    "included.type": "what else the answer holds",
    "included.attributes.year": "which cycle was answered for: an unknown one silently becomes the current one",
}

COURSES = {
    "data.id": "that a page is another than the one before",
    "data.attributes.code": "which course it is",
    "data.attributes.name": "which course it is",
    "data.attributes.open_for_applications": "whether candidates can apply to it",
    "data.attributes.state": "a draft or a withdrawn course is neither open nor closed",
    "data.attributes.findable": "nor is one that candidates cannot find",
    "data.attributes.accredited_provider_code": "who accredits it, and may be asked as well",
    "data.attributes.accredited_body_code": "the same, by its former name",
    "included.type": "what else the answer holds",
    "included.attributes.code": "the accredited provider's code",
    "included.attributes.name": "an organisation's name, to recognise it by",
    "links.next": "whether there is another page",
}

PROVIDERS = {
    "data.id": "that a page is another than the one before",
    "data.attributes.code": "what a provider is looked up by",
    "data.attributes.name": "what agents look for",
    "data.attributes.ukprn": "what agents look for",
    "data.attributes.urn": "what agents look for",
    "links.next": "whether there is another page",
}

SUGGESTIONS = {
    "data.attributes.code": "what a provider is looked up by",
    "data.attributes.name": "an organisation's name, to recognise it by",
}

TIMETABLES = {
    "data.recruitment_cycle_year": "which cycle it is",
    "data.find_opens_at": "when the cycle begins",
    "data.apply_opens_at": "from when on candidates can apply",
    "data.apply_deadline_at": "until when they can",
    "data.reject_by_default_at": "until when providers can decide",
    "data.decline_by_default_at": "until when candidates can answer",
    "data.find_closes_at": "when the cycle is over",
}

Tree = dict[str, Any]


def let_through(answer: object, paths: Iterable[str]) -> Any:
    """Of an answer only what stands at these paths; there, single values alone."""
    tree: Tree = {}
    for path in paths:
        place = tree
        for step in path.split("."):
            place = place.setdefault(step, {})
    return _kept(answer, tree)


def _kept(value: object, tree: Tree) -> Any:
    if not tree:
        return None if isinstance(value, dict | list) else value
    if isinstance(value, dict):
        return {step: _kept(value[step], below) for step, below in tree.items() if step in value}
    if isinstance(value, list):
        return [_kept(one, tree) if isinstance(one, dict) else None for one in value]
    return None
