"""Search: its language, its thousand, its lag, and the export that goes further."""

import base64
import json
from typing import Any

import pytest

MANAGE = "Manage"
PURPOSE = 360011490481


def _ids(sandbox: Any, query: str, **more: Any) -> list[int]:
    """All of them, by the export."""
    params = {"query": query, "filter[type]": "ticket", "page[size]": 1000, **more}
    page = sandbox.json("/api/v2/search/export", params=params)
    found = [row["id"] for row in page["results"]]
    while page["meta"]["has_more"]:
        page = sandbox.json(page["links"]["next"])
        found += [row["id"] for row in page["results"]]
    return found


def _count(sandbox: Any, query: str) -> int:
    return int(sandbox.json("/api/v2/search/count", params={"query": query})["count"])


@pytest.fixture(scope="module")
def still(start_sandbox: Any) -> Any:
    """A sandbox that no other test changes, with the truth about it."""
    sandbox = start_sandbox()
    sandbox.all = sandbox.truth()
    return sandbox


def _is(ticket: Any, status: str) -> bool:
    return bool(ticket["status"] == status)


QUERIES = {
    "type:ticket status:closed created<2023-11-21": lambda t: (
        t["status"] == "closed" and t["created_at"] < "2023-11-21"
    ),
    "created<=2023-11-21": lambda t: t["created_at"] < "2023-11-22",
    "created>2023-11-21 created<2024-01-01T09:00:00Z": lambda t: (
        "2023-11-22" <= t["created_at"] < "2024-01-01T09:00:00"
    ),
    "created>=2023-11-21 created<2023-12-01": lambda t: "2023-11-21" <= t["created_at"] < "2023-12-01",
    "created:2024-03-05": lambda t: t["created_at"].startswith("2024-03-05"),
    "solved>2025-06-01 -brand:Manage": lambda t: (t["solved_at"] or "") >= "2025-06-02" and t["brand"] != MANAGE,
    "updated<2022-01-01": lambda t: t["updated_at"] < "2022-01-01",
    "status<solved": lambda t: t["status"] in ("new", "open", "pending", "hold"),
    "status>=solved -status:closed": lambda t: t["status"] == "solved",
    "status:new status:hold": lambda t: t["status"] in ("new", "hold"),
    'brand:"Manage school placements"': lambda t: t["brand"] == "Manage school placements",
    "brand:360001000102 via:chat": lambda t: t["brand"] == MANAGE and t["channel"] == "chat",
    'group:"provider SUPPORT" via:mail': lambda t: t["group"] == "Provider support" and t["channel"] == "email",
    "form:General": lambda t: t["form"] == "General",
    "tags:offers tags:references": lambda t: t["topic"] in ("offers", "references"),
    "custom_field_360011490480:sign_in": lambda t: t["topic"] == "sign_in",
    "-custom_field_360011490480:sign_in": lambda t: t["topic"] != "sign_in",
    "requester:900001": lambda t: t["requester_id"] == 900001,
    "2050": lambda t: f" {t['id']}".startswith(" 2050"),
    "ASKS sbxperson": lambda t: True,
    "erson": lambda t: False,
    "http://example.invalid/": lambda t: False,
    "nonsense:1": lambda t: False,
    "type:user": lambda t: False,
    "created>90years": lambda t: True,
    "created<90years": lambda t: False,
}


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_what_it_says(still: Any, query: str) -> None:
    expected = {ticket["id"] for ticket in still.all if QUERIES[query](ticket)}
    assert set(_ids(still, query)) == expected
    assert _count(still, query) == len(expected)


def test_a_thousand_can_be_reached_and_the_count_is_the_truth(still: Any) -> None:
    params = {"query": "type:ticket status:closed", "sort_by": "created_at", "sort_order": "asc"}
    page = still.json("/api/v2/search.json", params={**params, "page": 10})
    assert len(page["results"]) == 100
    assert page["count"] == sum(_is(ticket, "closed") for ticket in still.all) > 1000
    assert page["facets"] is None
    assert {row["result_type"] for row in page["results"]} == {"ticket"}
    beyond = still.get(page["next_page"])
    assert (beyond.status_code, beyond.json()) == (422, {
        "error": "invalid",
        "description": "Invalid search: Requested response size was greater than Search Response Limits",
    })  # fmt: skip
    assert still.get("/api/v2/search", params={**params, "per_page": 7, "page": 143}).status_code == 422
    assert still.get("/api/v2/search", params={**params, "per_page": 7, "page": 142}).status_code == 200


def test_search_knows_only_offsets(still: Any) -> None:
    refused = still.get("/api/v2/search?query=type:ticket&page[size]=10")
    assert refused.status_code == 400
    assert "page must be an integer" in refused.json()["error"]["message"]


def test_the_pages_of_a_small_search_end_with_null(still: Any) -> None:
    first = still.json("/api/v2/search?query=status:new&per_page=3")
    seen, page = len(first["results"]), first
    while page["next_page"]:
        page = still.json(page["next_page"])
        seen += len(page["results"])
    assert (seen, page["count"]) == (first["count"], first["count"])
    assert first["previous_page"] is None
    assert "page=" in page["previous_page"]


def test_results_come_in_the_order_asked_for(still: Any) -> None:
    def rows(more: str) -> list[Any]:
        return list(still.json(f"/api/v2/search?query=status<solved{more}")["results"])

    falling = [row["updated_at"] for row in rows("&sort_by=updated_at")]
    assert falling == sorted(falling, reverse=True)
    rising = [row["created_at"] for row in rows(" order_by:created sort:asc")]
    assert rising == sorted(rising)
    assert [row["status"] for row in rows("&sort_by=status&sort_order=asc")][0] == "new"


def test_an_empty_query_is_refused(still: Any) -> None:
    assert still.get("/api/v2/search?query=").status_code == 422
    assert still.get("/api/v2/search/count").status_code == 422


def test_the_export_goes_newest_first_without_an_end_and_with_a_cursor_to_read(still: Any) -> None:
    path = "/api/v2/search/export"
    page = still.json(path, params={"query": "status:closed", "filter[type]": "ticket", "page[size]": 600})
    assert (page["facets"], page["meta"]["before_cursor"], page["links"]["prev"]) == (None, None, None)
    assert "count" not in page
    cursor = json.loads(base64.b64decode(page["meta"]["after_cursor"]))
    assert (cursor["field"], cursor["desc"], cursor["exportedThusFar"]) == ("created_at", True, 600)
    rows, again = list(page["results"]), 1
    while page["meta"]["has_more"]:
        page, again = still.json(page["links"]["next"]), again + 1
        rows += page["results"]
    assert again > 5
    created = [row["created_at"] for row in rows]
    assert created == sorted(created, reverse=True)
    assert len(created) == len({row["id"] for row in rows}) == sum(_is(ticket, "closed") for ticket in still.all)
    assert len(still.json(path, params={"query": "status:closed", "filter[type]": "ticket"})["results"]) == 100
    assert still.json(path, params={"query": "status:closed", "filter[type]": "user"})["results"] == []
    assert still.get(path, params={"query": "status:closed"}).status_code == 422


def test_a_cursor_of_the_export_expires_and_belongs_to_one_question(start_sandbox: Any) -> None:
    sandbox = start_sandbox(SEARCH_CURSOR_SECONDS="60")
    path = "/api/v2/search/export?filter[type]=ticket&page[size]=10&query="
    cursor = sandbox.json(f"{path}status:closed")["meta"]["after_cursor"]
    assert sandbox.get(f"{path}status:closed&page[after]={cursor}").status_code == 200
    garbled = base64.b64encode(b'{"createdAt": 1}').decode()
    other = [f"{path}status:open&page[after]={cursor}", f"{path}status:closed&page[after]=nonsense",
             f"{path}status:closed&page[after]={garbled}"]  # fmt: skip
    assert [_refused(sandbox, url) for url in other] == [True] * 3
    sandbox.later(59)
    assert not _refused(sandbox, f"{path}status:closed&page[after]={cursor}")
    sandbox.later(2)
    assert _refused(sandbox, f"{path}status:closed&page[after]={cursor}")


def _refused(sandbox: Any, url: str) -> bool:
    answer = sandbox.get(url)
    return answer.status_code == 400 and answer.json()["errors"][0]["code"] == "InvalidPaginationParameter"


def test_search_sees_the_account_as_it_was_a_while_ago(start_sandbox: Any) -> None:
    sandbox = start_sandbox(INDEX_LAG_SECONDS="300")
    [deleted] = sandbox.old(1)
    assert _ids(sandbox, "status:open 1042") == [1042]
    sandbox.delete(f"/api/v2/tickets/{deleted}")
    late = {"status": "pending", "additional_tags": ["late"], "custom_fields": [{"id": PURPOSE, "value": "fix_data"}]}
    sandbox.call("PUT", "/api/v2/tickets/1042", json={"ticket": late})
    sandbox.later(200)
    assert _ids(sandbox, f"{deleted}") == [deleted]  # a deleted ticket reappears
    assert _ids(sandbox, "tags:late") == []
    assert _ids(sandbox, f"custom_field_{PURPOSE}:fix_data") == []
    [row] = sandbox.json("/api/v2/search?query=1042")["results"]
    assert (row["status"], "late" in row["tags"]) == ("open", False)
    sandbox.later(101)
    assert _ids(sandbox, f"{deleted}") == []
    assert _ids(sandbox, "tags:late status:pending") == [1042]
    assert _ids(sandbox, "status:open 1042") == []


def test_without_a_lag_search_sees_every_change_at_once(sandbox: Any) -> None:
    number = sandbox.old(1)[0]
    assert _ids(sandbox, str(number)) == [number]
    sandbox.delete(f"/api/v2/tickets/{number}")
    assert _ids(sandbox, str(number)) == []
