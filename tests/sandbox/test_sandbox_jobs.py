"""Jobs as they go, and as they go wrong when they are told to."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _nothing_goes_wrong_afterwards(request: Any) -> Any:
    yield
    for name in {"sandbox", "jobs"} & set(request.fixturenames):
        request.getfixturevalue(name).call("DELETE", "/_sandbox/jobs", by="")


@pytest.fixture(scope="module")
def jobs(start_sandbox: Any) -> Any:
    """Jobs that take ten minutes, so that the clock decides."""
    return start_sandbox(JOB_SECONDS="600", JOB_KEPT_SECONDS="3600", JOBS_KEPT="3")


def _wrong(sandbox: Any, **how: Any) -> Any:
    return sandbox.call("POST", "/_sandbox/jobs", by="", json=how)


def _soft(sandbox: Any, numbers: list[int]) -> dict[str, Any]:
    return dict(sandbox.delete(f"/api/v2/tickets/destroy_many?ids={','.join(map(str, numbers))}").json())


def _permanent(sandbox: Any, numbers: list[int]) -> dict[str, Any]:
    return dict(sandbox.delete(f"/api/v2/deleted_tickets/destroy_many?ids={','.join(map(str, numbers))}").json())


def _states(sandbox: Any, numbers: list[int]) -> list[str]:
    return [sandbox.json(f"/_sandbox/tickets/{number}")["state"] for number in numbers]


def _ended(sandbox: Any, job: dict[str, Any]) -> dict[str, Any]:
    def look() -> Any:
        status = sandbox.json(f"/api/v2/job_statuses/{job['job_status']['id']}")["job_status"]
        return status if status["status"] not in ("queued", "working") else None

    return dict(sandbox.until(look))


def _binned(sandbox: Any, count: int) -> list[int]:
    numbers: list[int] = sandbox.old(count)
    sandbox.finished(_soft(sandbox, numbers))
    return numbers


def test_a_job_is_queued_then_works_then_is_done(jobs: Any) -> None:
    numbers = jobs.old(10)
    answer = jobs.delete(f"/api/v2/tickets/destroy_many?ids={','.join(map(str, numbers))}")
    assert answer.headers["zendesk-ratelimit-inflight-jobs"].startswith("total=30; remaining=29; resets=")
    path = f"/api/v2/job_statuses/{answer.json()['job_status']['id']}"
    jobs.later(310)
    working = jobs.json(path)["job_status"]
    assert (working["status"], working["progress"], working["results"]) == ("working", 5, None)
    assert working["message"] == "Deleting ticket #5"
    assert _states(jobs, numbers) == ["live"] * 10
    jobs.later(300)
    assert jobs.json(path)["job_status"]["status"] == "completed"
    assert _states(jobs, numbers) == ["soft_deleted"] * 10


def test_a_status_expires_and_so_do_all_but_the_last_few(jobs: Any) -> None:
    paths = []
    for _ in range(5):
        paths.append(f"/api/v2/job_statuses/{_soft(jobs, jobs.old(1))['job_status']['id']}")
        jobs.later(601)
    gone = [jobs.get(path) for path in paths]
    assert [answer.status_code for answer in gone] == [404, 404, 200, 200, 200]
    assert gone[0].json() == {"error": "RecordNotFound", "description": "Not found"}
    jobs.later(3600)
    assert {jobs.get(path).status_code for path in paths} == {404}


def test_jobs_are_listed_by_either_way_of_paging(jobs: Any) -> None:
    ids = [_soft(jobs, [4])["job_status"]["id"] for _ in range(2)]
    assert [job["id"] for job in jobs.json("/api/v2/job_statuses")["job_statuses"]][-2:] == ids
    first = jobs.json("/api/v2/job_statuses?page[size]=1")
    second = jobs.json(first["links"]["next"])
    assert [page["job_statuses"][0]["id"] for page in (first, second)] == ids
    assert [page["meta"]["has_more"] for page in (first, second)] == [True, False]
    assert jobs.json(f"/api/v2/job_statuses/show_many?ids={ids[1]},V3-none")["job_statuses"][0]["id"] == ids[1]
    jobs.later(601)


def test_jobs_that_never_end_take_up_all_the_room(jobs: Any) -> None:
    _wrong(jobs, next="stall", times=30)
    for remaining in range(29, -1, -1):
        answer = jobs.delete("/api/v2/tickets/destroy_many?ids=4,5")
        assert f"remaining={remaining};" in answer.headers["zendesk-ratelimit-inflight-jobs"]
    jobs.later(100_000)
    refused = jobs.delete("/api/v2/tickets/destroy_many?ids=4")
    assert (refused.status_code, refused.json()["error"]) == (429, "TooManyJobs")
    assert int(refused.headers["Retry-After"]) >= 1
    running = refused.json()["current_job_ids"]
    assert len(running) == 30
    assert jobs.json(f"/api/v2/job_statuses/{running[0]}")["job_status"]["status"] == "working"


def test_a_job_may_say_that_it_deleted_and_not_have(sandbox: Any) -> None:
    numbers = sandbox.old(2)
    assert _wrong(sandbox, next="lie", kind="delete").status_code == 200
    done = sandbox.finished(_soft(sandbox, numbers))
    assert [row["success"] for row in done["results"]] == [True, True]
    assert _states(sandbox, numbers) == ["live", "live"]


def test_a_permanent_deletion_may_say_success_and_leave_the_tickets_in_the_bin(sandbox: Any) -> None:
    _wrong(sandbox, next="lie", kind="delete_permanently")
    numbers = _binned(sandbox, 2)  # the other kind of job is not touched
    assert _states(sandbox, numbers) == ["soft_deleted"] * 2
    assert sandbox.finished(_permanent(sandbox, numbers))["results"] == {"success": True}
    assert _states(sandbox, numbers) == ["soft_deleted"] * 2


def test_every_third_may_fail(sandbox: Any) -> None:
    numbers = sandbox.old(7)
    _wrong(sandbox, next="partial", times=2)
    done = sandbox.finished(_soft(sandbox, numbers))
    assert [row["success"] for row in done["results"]] == [True, True, False, True, True, False, True]
    assert done["results"][2] == {"action": "delete", "id": numbers[2], "success": False,
                                  "error": "RecordNotFound", "details": "Not found"}  # fmt: skip
    expected = ["soft_deleted", "soft_deleted", "live"]
    assert _states(sandbox, numbers) == [*expected, *expected, "soft_deleted"]
    left = [number for at, number in enumerate(numbers) if at % 3 != 2]
    done = sandbox.finished(_permanent(sandbox, left))
    assert done["results"] == [{"success": True}, {"success": True}, {"success": False}] + [{"success": True}] * 2
    assert _states(sandbox, left)[2] == "soft_deleted"


@pytest.mark.parametrize(
    ("flaw", "said", "states"),
    [("fail", "failed", ["live"] * 4), ("kill", "killed", ["soft_deleted", "soft_deleted", "live", "live"])],
)
def test_a_job_may_fail_or_be_killed_half_way(sandbox: Any, flaw: str, said: str, states: list[str]) -> None:
    numbers = sandbox.old(4)
    _wrong(sandbox, next=flaw)
    ended = _ended(sandbox, _soft(sandbox, numbers))
    assert (ended["status"], ended["results"]) == (said, None)
    assert _states(sandbox, numbers) == states


def test_a_status_may_vanish_as_soon_as_the_job_is_done(sandbox: Any) -> None:
    numbers = sandbox.old(1)
    _wrong(sandbox, next="vanish")
    job = _soft(sandbox, numbers)["job_status"]
    sandbox.until(lambda: sandbox.get(f"/api/v2/job_statuses/{job['id']}").status_code == 404)
    assert _states(sandbox, numbers) == ["soft_deleted"]


def test_what_was_to_go_wrong_is_taken_back_and_what_is_unknown_refused(sandbox: Any) -> None:
    assert _wrong(sandbox, next="explode").status_code == 400
    assert _wrong(sandbox, next="fail", kind="create").status_code == 400
    _wrong(sandbox, next="fail", times=5)
    assert sandbox.call("DELETE", "/_sandbox/jobs", by="").status_code == 204
    assert _ended(sandbox, _soft(sandbox, sandbox.old(1)))["status"] == "completed"


@pytest.mark.parametrize(("spelling", "name"), [("new", "zendesk-ratelimit-inflight-jobs"), ("none", None),
                                                ("2023", "zendesk-rate-limit-inflight-jobs")])  # fmt: skip
def test_the_room_that_is_left_is_told_in_the_spelling_of_the_year(
    start_sandbox: Any, spelling: str, name: str | None
) -> None:
    headers = start_sandbox(HEADERS=spelling).delete("/api/v2/tickets/destroy_many?ids=4").headers
    told = {name.lower(): value for name, value in headers.items() if "inflight" in name.lower()}
    assert list(told) == ([name] if name else [])
    assert all(value.startswith("total=30; remaining=29; resets=") for value in told.values())
