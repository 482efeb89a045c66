"""Reading the account: catalogue, users, tickets, paging, the export."""

import base64
import time
from typing import Any


def test_the_catalogue_names_brands_groups_forms_and_fields(sandbox: Any) -> None:
    brands = sandbox.json("/api/v2/brands.json")["brands"]
    assert {"Manage", "Apply for teacher training", "Publish"} < {brand["name"] for brand in brands}
    assert len(sandbox.json("/api/v2/groups")["groups"]) == 6
    assert [form["name"] for form in sandbox.json("/api/v2/ticket_forms")["ticket_forms"]][0] == "Candidate"
    fields = {field["id"] for field in sandbox.json("/api/v2/ticket_fields")["ticket_fields"]}
    assert {360011490478, 360011490479, 360011490480, 360011490481} < fields


def test_ticket_1042_is_the_one_that_documents_name(sandbox: Any) -> None:
    ticket = sandbox.json("/api/v2/tickets/1042.json")["ticket"]
    assert (ticket["status"], ticket["via"]["channel"], ticket["from_archive"]) == ("open", "chat", False)
    assert ticket["custom_fields"] == ticket["fields"]
    assert sandbox.json("/api/v2/tickets/1043")["ticket"]["status"] == "closed"


def test_users_come_one_by_one_and_many_at_once(sandbox: Any) -> None:
    assert sandbox.json("/api/v2/users/501")["user"]["role"] == "agent"
    many = sandbox.json("/api/v2/users/show_many.json?ids=500,900001,7")["users"]
    assert [user["role"] for user in many] == ["admin", "end-user"]
    assert sandbox.get("/api/v2/users/7").status_code == 404


def test_the_list_of_tickets_leaves_the_archived_out(sandbox: Any) -> None:
    page = sandbox.json("/api/v2/tickets.json?page[size]=100")
    seen = list(page["tickets"])
    while page["meta"]["has_more"]:
        page = sandbox.json(page["links"]["next"])
        seen += page["tickets"]
    assert len(seen) == len({ticket["id"] for ticket in seen}) > 100
    assert not any(ticket["from_archive"] for ticket in seen)


def test_the_last_cursor_page_still_has_a_cursor_and_a_link(sandbox: Any) -> None:
    page = sandbox.json("/api/v2/groups.json?page[size]=6")
    assert page["meta"]["has_more"] is False
    assert page["meta"]["after_cursor"]
    assert "page%5Bafter%5D" in page["links"]["next"]
    assert page["links"]["prev"]
    assert sandbox.json(page["links"]["next"])["groups"] == []
    assert "count" not in page


def test_a_cursor_walks_backwards_too(sandbox: Any) -> None:
    first = sandbox.json("/api/v2/groups?page[size]=2")
    second = sandbox.json(first["links"]["next"])
    assert sandbox.json(second["links"]["prev"])["groups"] == first["groups"]


def test_offset_paging_ends_with_null(sandbox: Any) -> None:
    page = sandbox.json("/api/v2/ticket_fields?per_page=4&page=2")
    assert page["next_page"] is None
    assert "page=1" in page["previous_page"]
    assert page["count"] == 7
    assert sandbox.get("/api/v2/tickets?page=200").json()["errors"][0]["code"] == "InvalidPaginationDepth"


def test_by_cursor_sort_by_is_ignored_and_only_three_orders_are_known(sandbox: Any) -> None:
    def walked(path: str) -> list[Any]:
        page = sandbox.json(path)
        found = list(page["tickets"])
        while page["meta"]["has_more"]:
            page = sandbox.json(page["links"]["next"])
            found += page["tickets"]
        return found

    path = "/api/v2/tickets?page[size]=90"
    by_id = [ticket["id"] for ticket in walked(path)]
    assert by_id == sorted(by_id)
    assert [ticket["id"] for ticket in walked(f"{path}&sort_by=created_at&sort_order=desc")] == by_id
    changed = [ticket["updated_at"] for ticket in walked(f"{path}&sort=-updated_at")]
    assert changed == sorted(changed, reverse=True)
    assert len(changed) == len(by_id)
    assert [ticket["status"] for ticket in walked(f"{path}&sort=status")][0] == "new"
    refused = sandbox.get(f"{path}&sort=created_at")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "InvalidPaginationParameter")
    newest = sandbox.json("/api/v2/tickets?sort_by=created_at&sort_order=desc&per_page=50")["tickets"]
    created = [ticket["created_at"] for ticket in newest]
    assert created == sorted(created, reverse=True)
    assert [ticket["id"] for ticket in newest] != by_id[:50]


def test_a_list_of_metric_sets_goes_from_new_to_old(sandbox: Any) -> None:
    page = sandbox.json("/api/v2/ticket_metrics")
    assert len(page["ticket_metrics"]) == 100 < page["count"]
    numbers = [row["ticket_id"] for row in page["ticket_metrics"]]
    assert numbers == sorted(numbers, reverse=True)
    assert sandbox.json(page["next_page"])["ticket_metrics"][0]["ticket_id"] < numbers[-1]


def test_comments_come_in_either_order_and_either_way_of_paging(sandbox: Any) -> None:
    path = "/api/v2/tickets/1042/comments"
    rising = [comment["id"] for comment in sandbox.json(path)["comments"]]
    falling = [comment["id"] for comment in sandbox.json(f"{path}?sort_order=desc")["comments"]]
    assert falling == rising[::-1]
    assert len(rising) >= 2
    page = sandbox.json(f"{path}?page[size]=1&sort=-created_at")
    assert [comment["id"] for comment in page["comments"]] == falling[:1]
    assert [comment["id"] for comment in sandbox.json(page["links"]["next"])["comments"]] == falling[1:2]


def test_a_chat_ticket_leads_to_its_chat_through_its_audits(sandbox: Any) -> None:
    audits = sandbox.json("/api/v2/tickets/1042/audits")["audits"]
    started = [event for audit in audits for event in audit["events"] if event["type"] == "ChatStartedEvent"]
    chat = sandbox.json(f"/api/v2/chat/chats/{started[0]['value']['chat_id']}", by="chat")
    assert chat["zendesk_ticket_id"] == 1042
    assert chat["visitor"]["id"] == started[0]["value"]["visitor_id"]


def test_show_many_leaves_out_what_it_does_not_know(sandbox: Any) -> None:
    answer = sandbox.json("/api/v2/tickets/show_many.json?ids=1042,23500,5&include=metric_sets")
    assert [ticket["id"] for ticket in answer["tickets"]] == [1042, 23500]
    assert answer["metric_sets"] == [ticket["metric_set"] for ticket in answer["tickets"]]
    too_many = ",".join(str(number) for number in range(101))
    refused = sandbox.get(f"/api/v2/tickets/show_many?ids={too_many}")
    assert (refused.status_code, refused.json()["error"]) == (400, "TooManyValues")


def test_the_export_holds_every_ticket_once(sandbox: Any) -> None:
    rows = sandbox.exported(include="metric_sets")
    assert rows.keys() == {ticket["id"] for ticket in sandbox.truth()}
    assert all("metric_set" in row for row in rows.values() if row["status"] != "deleted")


def test_a_page_of_the_export_has_as_many_rows_as_asked_for_and_a_readable_cursor(sandbox: Any) -> None:
    page = sandbox.json("/api/v2/incremental/tickets/cursor.json?start_time=0&per_page=3")
    last = page["tickets"][-1]
    assert len(page["tickets"]) == 3
    assert page["end_of_stream"] is False
    assert base64.b64decode(page["after_cursor"]).decode() == f"{last['generated_timestamp']}.0||{last['id']}|"


def test_the_export_keeps_a_cursor_at_its_end(sandbox: Any) -> None:
    now = int(time.time())
    page = sandbox.json(f"/api/v2/incremental/tickets/cursor.json?start_time={now - 2}")
    assert page["end_of_stream"] is True
    assert page["after_cursor"]
    refused = sandbox.get(f"/api/v2/incremental/tickets/cursor.json?start_time={now + 5}")
    assert refused.status_code == 422
    assert refused.json()["description"].startswith("Too recent start_time")


def test_what_was_never_replied_to_has_null_minutes_and_no_time_on_hold(sandbox: Any) -> None:
    new = next(ticket["id"] for ticket in sandbox.truth(status="new"))
    metrics = sandbox.json(f"/api/v2/tickets/{new}/metrics")["ticket_metric"]
    assert metrics["reply_time_in_minutes"] == {"calendar": None, "business": None}
    assert metrics["full_resolution_time_in_minutes"] == {"calendar": None, "business": None}
    assert metrics["on_hold_time_in_minutes"] == {"calendar": 0, "business": 0}
    assert metrics["solved_at"] is None


def test_an_unknown_path_is_no_endpoint_and_an_unknown_id_no_record(sandbox: Any) -> None:
    assert sandbox.get("/api/v2/nothing").json() == {"error": "InvalidEndpoint", "description": "Not found"}
    assert sandbox.get("/api/v2/tickets/5").json() == {"error": "RecordNotFound", "description": "Not found"}
