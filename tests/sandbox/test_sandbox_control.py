"""The control path: log, faults, truth."""

from datetime import UTC, datetime
from typing import Any

from flask import Request
from werkzeug.test import create_environ

from sandbox.request_log import KEPT, RequestLog


def test_the_log_tells_who_asked_for_what(sandbox: Any) -> None:
    last = sandbox.json("/_sandbox/log")["last"]
    sandbox.get("/api/v2/tickets/show_many.json?ids=1042,1043")
    sandbox.get("/api/v2/chat/chats/none", by="chat")
    sandbox.get("/publish/api/public/v1/recruitment_cycles/2027/providers/1TZ", by="")
    entries = sandbox.json(f"/_sandbox/log?after={last}")["entries"]
    assert [entry["api"] for entry in entries] == ["zendesk", "chat", "publish"]
    first = entries[0]
    assert (first["path"], first["ticket_ids"]) == ("/api/v2/tickets/show_many", [1042, 1043])
    assert (first["client"], first["status"], first["query"]) == ("support-bridge", 200, {"ids": "1042,1043"})
    only = sandbox.json(f"/_sandbox/log?after={last}&api=chat")["entries"]
    assert [entry["status"] for entry in only] == [404]


def test_the_log_keeps_the_last_and_counts_them_all() -> None:
    log, now = RequestLog(), datetime.now(UTC)
    request = Request(create_environ("/api/v2/tickets/5"))
    for number in range(KEPT + 10):
        log.add(request, 429 if number < 15 else 200, None, now)
    assert (len(log.entries), log.last) == (KEPT, KEPT + 10)
    assert [entry["n"] for entry in log.after(0, None, 429)] == [11, 12, 13, 14, 15]
    assert [entry["n"] for entry in log.after(KEPT + 8, "zendesk")] == [KEPT + 9, KEPT + 10]
    assert {counted["status"]: counted["count"] for counted in log.counted()} == {429: 15, 200: KEPT - 5}
    log.clear()
    log.add(request, 200, None, now)
    assert [entry["n"] for entry in log.after(0, None)] == [KEPT + 11]


def test_clients_that_are_not_known_are_counted_as_one(start_sandbox: Any) -> None:
    sandbox = start_sandbox()
    sandbox.call("DELETE", "/_sandbox/log")
    for number in range(3):
        given = {"grant_type": "client_credentials", "client_id": f"stranger {number}", "client_secret": "none"}
        assert sandbox.session.post(f"{sandbox.url}/oauth/tokens", json=given, timeout=5).status_code == 401
    sandbox.get("/api/v2/groups")
    counted = {(one["path"], one["client"]): one["count"] for one in sandbox.json("/_sandbox/log/counts")["counts"]}
    assert counted == {("/oauth/tokens", "unknown"): 3, ("/api/v2/groups", "support-bridge"): 1}
    named = [entry["client"] for entry in sandbox.json("/_sandbox/log")["entries"]]
    assert named[:3] == ["stranger 0", "stranger 1", "stranger 2"]


def test_a_job_that_stalls_goes_on_when_the_order_is_taken_back(start_sandbox: Any) -> None:
    sandbox = start_sandbox()
    [number] = sandbox.old(1)
    sandbox.call("POST", "/_sandbox/jobs", json={"next": "stall"})
    job = sandbox.delete(f"/api/v2/tickets/destroy_many.json?ids={number}").json()
    sandbox.later(3600)
    path = f"/api/v2/job_statuses/{job['job_status']['id']}"
    assert sandbox.json(path)["job_status"]["status"] == "working"
    sandbox.call("DELETE", "/_sandbox/jobs")
    assert sandbox.finished(job)["results"][0]["success"] is True
    assert sandbox.get(f"/api/v2/tickets/{number}").status_code == 404


def test_a_fault_fails_so_many_calls_and_no_more(sandbox: Any) -> None:
    fault = {"method": "GET", "path_prefix": "/api/v2/groups", "status": 503, "times": 2, "retry_after": 1}
    sandbox.call("POST", "/_sandbox/faults", json=fault)
    answers = [sandbox.get(f"/api/v2/{path}") for path in ("brands", "groups", "groups", "groups")]
    assert [answer.status_code for answer in answers] == [200, 503, 503, 200]
    assert answers[1].headers["Retry-After"] == "1"
    sandbox.call("POST", "/_sandbox/faults", json=fault)
    sandbox.call("DELETE", "/_sandbox/faults")
    assert sandbox.get("/api/v2/groups").status_code == 200


def test_the_truth_agrees_with_the_export_about_minutes(sandbox: Any) -> None:
    rows = sandbox.exported(include="metric_sets")
    for ticket in sandbox.truth(state="live"):
        metrics = rows[ticket["id"]]["metric_set"]
        assert metrics["reply_time_in_minutes"]["calendar"] == ticket["first_reply_minutes"]
        assert metrics["full_resolution_time_in_minutes"]["calendar"] == ticket["full_resolution_minutes"]
        assert metrics["solved_at"] == ticket["solved_at"]


def test_a_ticket_can_be_set_up_as_a_test_needs_it(sandbox: Any) -> None:
    asked = {"status": "closed", "brand": "Publish", "created_at": "2019-03-04T05:06:07Z"}
    told = sandbox.call("PATCH", "/_sandbox/tickets/1045", json=asked).json()
    assert (told["status"], told["brand"], told["created_at"]) == ("closed", "Publish", "2019-03-04T05:06:07Z")
    assert sandbox.json("/api/v2/tickets/1045")["ticket"]["status"] == "closed"


def test_the_state_counts_what_there_is(sandbox: Any) -> None:
    state = sandbox.json("/_sandbox/state")
    assert sum(state["tickets"].values()) == len(sandbox.truth())
    assert sandbox.json("/_sandbox/ready", by="") == {"ready": True}
