"""Tickets go in stages, and each stage looks from outside as it does in Zendesk."""

from typing import Any


def test_a_deleted_ticket_is_not_found_and_stays_in_the_export_as_deleted(sandbox: Any) -> None:
    [number] = sandbox.old(1)
    answer = sandbox.call("DELETE", f"/api/v2/tickets/{number}.json", by="support-bridge-deleter", json={"ticket": {}})
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert sandbox.get(f"/api/v2/tickets/{number}").status_code == 404
    assert sandbox.get(f"/api/v2/tickets/{number}/comments").status_code == 404
    assert sandbox.json(f"/api/v2/tickets/show_many?ids={number}")["tickets"] == []
    row = sandbox.until(lambda: _deleted_row(sandbox, number))
    assert row["subject"] != "SCRUBBED"
    assert number not in sandbox.exported(exclude_deleted="true")


def test_a_bulk_deletion_is_a_job_that_answers_for_each_ticket(sandbox: Any) -> None:
    numbers = sandbox.old(3)
    path = f"/api/v2/tickets/destroy_many.json?ids={','.join(map(str, numbers))},4"
    queued = sandbox.delete(path).json()
    assert queued["job_status"] | {"id": "", "url": ""} == {
        "id": "", "job_type": "Bulk Update Ticket", "url": "", "total": 4, "progress": None, "status": "queued",
        "message": None, "results": None,
    }  # fmt: skip
    done = sandbox.finished(queued)
    assert done["progress"] == 4
    assert done["results"][0] == {"action": "delete", "id": numbers[0], "status": "Deleted", "success": True}
    assert done["results"][3]["success"] is False
    assert done["message"].startswith("Completed at ")
    many = sandbox.json(f"/api/v2/job_statuses/show_many?ids={done['id']}")
    assert many["job_statuses"] == [done]


def test_nothing_happens_before_the_job_is_done(sandbox: Any) -> None:
    [number] = sandbox.old(1)
    sandbox.delete(f"/api/v2/tickets/destroy_many?ids={number}")
    assert sandbox.get(f"/api/v2/tickets/{number}").status_code == 200
    sandbox.until(lambda: sandbox.get(f"/api/v2/tickets/{number}").status_code == 404)


def test_permanent_deletion_says_only_success_and_scrubs_later(sandbox: Any) -> None:
    numbers = sandbox.old(2)
    ids = ",".join(map(str, numbers))
    sandbox.finished(sandbox.delete(f"/api/v2/tickets/destroy_many?ids={ids}").json())
    done = sandbox.finished(sandbox.delete(f"/api/v2/deleted_tickets/destroy_many?ids={ids}").json())
    assert (done["results"], done["total"], done["progress"]) == ({"success": True}, None, None)
    row = sandbox.until(lambda: _scrubbed_row(sandbox, numbers[0]))
    assert (row["status"], row["raw_subject"], row["description"]) == ("deleted", "SCRUBBED", "X")
    assert "sbxperson" not in str(row).lower()
    assert sandbox.json(f"/_sandbox/tickets/{numbers[0]}")["state"] == "scrubbed"


def test_one_ticket_is_permanently_deleted_by_a_job_too_but_only_from_the_bin(sandbox: Any) -> None:
    [number] = sandbox.old(1)
    assert sandbox.delete(f"/api/v2/deleted_tickets/{number}").status_code == 404
    sandbox.delete(f"/api/v2/tickets/{number}")
    job = sandbox.delete(f"/api/v2/deleted_tickets/{number}.json").json()
    assert sandbox.finished(job)["results"] == {"success": True}


def test_the_list_of_deleted_tickets_leaves_the_archived_out(sandbox: Any) -> None:
    archived = sandbox.old(1)[0]
    recent = next(ticket["id"] for ticket in sandbox.truth(state="live", status="solved") if ticket["id"] > 2000)
    for number in (archived, recent):
        sandbox.delete(f"/api/v2/tickets/{number}")
    listed = {row["id"]: row for row in sandbox.json("/api/v2/deleted_tickets.json")["deleted_tickets"]}
    assert archived not in listed
    assert listed[recent]["actor"]["id"] == 500
    assert listed[recent]["previous_state"] == "solved"


def test_a_deleted_ticket_leaves_its_chat(sandbox: Any) -> None:
    ticket = next(t for t in sandbox.truth(state="live", channel="chat", status="closed"))
    sandbox.delete(f"/api/v2/tickets/{ticket['id']}")
    assert sandbox.get(f"/api/v2/chat/chats/{ticket['chat_id']}", by="chat").status_code == 200


def test_a_hundred_ids_are_the_most(sandbox: Any) -> None:
    ids = ",".join(str(number) for number in range(101))
    for path in ("tickets", "deleted_tickets"):
        refused = sandbox.delete(f"/api/v2/{path}/destroy_many?ids={ids}")
        assert (refused.status_code, refused.json()["max_count"]) == (400, 100)


def test_thirty_jobs_are_the_most_at_a_time(strict_sandbox: Any) -> None:
    answers = [strict_sandbox.delete("/api/v2/tickets/destroy_many?ids=1") for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {200}
    assert answers[30].status_code == 429
    assert len(answers[30].json()["current_job_ids"]) == 30


def test_thirty_days_in_the_bin_end_for_good(start_sandbox: Any) -> None:
    sandbox = start_sandbox()
    [number] = sandbox.old(1)
    sandbox.delete(f"/api/v2/tickets/{number}")
    sandbox.call("POST", "/_sandbox/clock", by="", json={"advance_seconds": 30 * 86400 + 60})
    assert sandbox.json(f"/_sandbox/tickets/{number}", by="")["state"] == "scrubbed"


def _deleted_row(sandbox: Any, number: int) -> Any:
    row = sandbox.exported().get(number)
    return row if row and row["status"] == "deleted" else None


def _scrubbed_row(sandbox: Any, number: int) -> Any:
    row = sandbox.exported().get(number)
    return row if row and row["subject"] == "SCRUBBED" else None


def test_a_body_on_a_deletion_is_warned_of_in_a_header_and_none_is_not(sandbox: Any) -> None:
    numbers = sandbox.old(2)
    asked = {"ticket": {"id": numbers[0]}}
    warned = sandbox.call("DELETE", f"/api/v2/tickets/{numbers[0]}", by="support-bridge-deleter", json=asked)
    assert (warned.status_code, warned.headers["x-zendesk-api-warn"]) == (204, (
        '{:allowed_parameters=>{:controller=>"tickets", :action=>"destroy", '
        ':unpermitted_keys=>["ticket.id", "ticket"], :invalid_values=>[]}}'))  # fmt: skip
    assert "x-zendesk-api-warn" not in sandbox.delete(f"/api/v2/tickets/{numbers[1]}").headers


def test_a_bulk_deletion_of_nothing_is_refused(sandbox: Any) -> None:
    for path in ("tickets/destroy_many", "deleted_tickets/destroy_many?ids=", "tickets/destroy_many?ids=x"):
        assert sandbox.delete(f"/api/v2/{path}").status_code == 400


def test_a_closed_ticket_is_no_spam(sandbox: Any) -> None:
    [number] = sandbox.old(1)
    refused = sandbox.call("PUT", f"/api/v2/tickets/{number}/mark_as_spam", by="support-bridge-deleter")
    assert (refused.status_code, list(refused.json()["details"])) == (422, ["status"])
    assert sandbox.json(f"/_sandbox/tickets/{number}")["state"] == "live"
