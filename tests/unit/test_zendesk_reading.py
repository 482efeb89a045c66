"""What is read of Zendesk's answers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from support_bridge.errors import NeedsAPerson
from support_bridge.zendesk import parsing

TICKET: dict[str, Any] = {
    "id": 1042,
    "status": "OPEN",
    "created_at": "2026-11-01T09:00:00Z",
    "updated_at": "2026-11-02T09:00:00Z",
    "brand_id": 1,
    "group_id": None,
    "ticket_form_id": 3,
    "via": {"channel": "chat", "source": {"from": {"name": "Sbxperson Seven"}}},
    "subject": "Sbxperson Seven",
    "description": "my address",
    "requester_id": 77,
    "custom_fields": [{"id": 5, "value": "x"}, {"id": 6, "value": None}, {"id": 7, "value": ["a"]}],
    "metric_set": {
        "solved_at": None,
        "reply_time_in_minutes": {"calendar": 30, "business": 0},
        "full_resolution_time_in_minutes": {"calendar": None, "business": None},
    },
}


def test_a_ticket_is_read_without_its_text_and_its_people() -> None:
    ticket = parsing.ticket(TICKET)
    assert (ticket.id, ticket.status, ticket.channel, ticket.form_id) == (1042, "open", "chat", 3)
    assert ticket.created_at == datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert ticket.fields == {5: "x"}
    said = repr(ticket)
    assert not any(word in said for word in ("Ada", "address", "77"))


def test_minutes_that_never_were_are_none_and_zero_minutes_are_zero() -> None:
    metrics = parsing.ticket(TICKET).metrics
    assert metrics is not None
    assert (metrics.first_reply, metrics.first_reply_business, metrics.full_resolution) == (30, 0, None)


def test_a_ticket_without_a_metric_set_has_no_metrics() -> None:
    assert parsing.ticket({**TICKET, "metric_set": None}).metrics is None


def test_only_a_deleted_ticket_whose_subject_says_so_is_scrubbed() -> None:
    gone = {"id": 7, "status": "deleted", "subject": "SCRUBBED"}
    others = [{"id": 8, "status": "open", "subject": "SCRUBBED"}, {"id": 9, "status": "deleted", "subject": "Sign in"}]
    page = parsing.scrubbed_page([gone, *others, {"no": "shape"}, None], "next")
    assert (page.tickets, page.cursor) == ({7}, "next")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"id": "x"},
        {"created_at": None},
        {"updated_at": "soon"},
        {"via": "chat"},
        {"custom_fields": [3]},
        {"custom_fields": [{"value": "x"}]},
        {"metric_set": "none"},
    ],
)
def test_a_ticket_of_an_unknown_shape_needs_a_person(changes: dict[str, Any]) -> None:
    with pytest.raises(NeedsAPerson):
        parsing.ticket({**TICKET, **changes})


@pytest.mark.parametrize(
    ("results", "succeeded", "failed"),
    [
        ([{"id": 1, "success": True}], True, {}),
        ([{"id": 1, "success": False, "error": "Forbidden"}, {"id": 2}], True, {1: "Forbidden"}),
        ({"success": False}, False, {}),
        (None, True, {}),
    ],
)
def test_a_jobs_results_may_be_a_list_an_object_or_nothing(results: Any, succeeded: bool, failed: Any) -> None:
    job = parsing.job({"id": "j", "status": "completed", "results": results})
    assert (job.finished, job.succeeded, job.failed) == (True, succeeded, failed)
