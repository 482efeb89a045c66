"""What to ask each endpoint of the sandbox, so that it answers in every state that matters."""

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.servers.daemon import until
from tests.sandbox.receiving import settled, told_by

Answers = Iterator[Any]
ASKING: dict[str, Callable[[Any], Answers]] = {}
API = "/api/v2"
FIELDS = "brands", "groups", "ticket_forms", "ticket_fields"


def asks(*endpoints: str) -> Callable[[Callable[[Any], Answers]], Callable[[Any], Answers]]:
    """The endpoints that a function's answers come from."""

    def register(ask: Callable[[Any], Answers]) -> Callable[[Any], Answers]:
        ASKING.update(dict.fromkeys(endpoints, ask))
        return ask

    return register


def first(sandbox: Any, **wanted: str) -> int:
    return int(sandbox.truth(limit=1, state="live", **wanted)[0]["id"])


def each_kind(sandbox: Any) -> dict[str, int]:
    """A ticket in each state and from each channel."""
    kinds = {
        "archived": first(sandbox, status="closed"),
        "chat": first(sandbox, channel="chat"),
        "messaging": first(sandbox, channel="native_messaging"),
    }
    listed = sandbox.json(f"{API}/tickets.json")["tickets"]
    return kinds | {ticket["status"]: ticket["id"] for ticket in listed}


def in_the_bin(sandbox: Any, count: int = 1) -> list[int]:
    """Tickets that were deleted and can come back."""
    numbers = [ticket["id"] for ticket in sandbox.json(f"{API}/tickets.json")["tickets"][-count:]]
    for number in numbers:
        assert sandbox.delete(f"{API}/tickets/{number}").status_code == 204
    return numbers


@asks("GET /tickets", "GET /ticket_metrics", "GET /deleted_tickets", "GET /job_statuses")
def pages(sandbox: Any) -> Answers:
    in_the_bin(sandbox)
    doomed = first(sandbox, status="closed")
    sandbox.delete(f"{API}/tickets/destroy_many?ids={doomed}")
    # Gone before anybody takes it for one of those that are there.
    assert until(lambda: sandbox.get(f"{API}/tickets/{doomed}").status_code == 404, 20)
    for name in ("tickets", "ticket_metrics", "deleted_tickets", "job_statuses"):
        yield sandbox.get(f"{API}/{name}.json")
        yield sandbox.get(f"{API}/{name}?page[size]=1")
    yield sandbox.get(f"{API}/tickets?include=metric_sets")
    yield sandbox.get(f"{API}/tickets?include=metric_sets&page[size]=5")


@asks("GET /tickets/{}", "GET /tickets/{}/comments", "GET /tickets/{}/audits", "GET /tickets/{}/metrics",
      "GET /ticket_metrics/{}", "GET /tickets/show_many", "GET /users/{}/tickets/requested")  # fmt: skip
def one_of_each(sandbox: Any) -> Answers:
    kinds = each_kind(sandbox)
    for number in kinds.values():
        yield (shown := sandbox.get(f"{API}/tickets/{number}"))
        yield sandbox.get(f"{API}/tickets/{number}?include=metric_sets")
        for part in ("comments", "audits", "comments?page[size]=1", "audits?page[size]=1"):
            yield sandbox.get(f"{API}/tickets/{number}/{part}")
        yield (found := sandbox.get(f"{API}/tickets/{number}/metrics"))
        yield sandbox.get(f"{API}/ticket_metrics/{found.json()['ticket_metric']['id']}")
        yield sandbox.get(f"{API}/users/{shown.json()['ticket']['requester_id']}/tickets/requested")
    ids = ",".join(map(str, kinds.values()))
    yield sandbox.get(f"{API}/tickets/show_many?ids={ids}")
    yield sandbox.get(f"{API}/tickets/show_many?ids={ids}&include=metric_sets")


@asks("POST /tickets", "PUT /tickets/{}", "PUT /tickets/{}/mark_as_spam")
def changes(sandbox: Any) -> Answers:
    somebody = {"name": "Sbxperson New", "email": "sbxperson.new@example.invalid"}
    asked = {"subject": "s", "comment": {"body": "b"}, "requester": somebody}
    yield (made := sandbox.call("POST", f"{API}/tickets", json={"ticket": asked}))
    number = made.json()["ticket"]["id"]
    note = {"body": "said", "public": False}
    for change in ({"comment": note}, {"status": "pending", "tags": ["a"]}, {"priority": "high", "assignee_id": 501}):
        yield sandbox.call("PUT", f"{API}/tickets/{number}", json={"ticket": change})
    yield sandbox.get(f"{API}/tickets/{number}/audits")
    yield sandbox.call("PUT", f"{API}/tickets/{number}/mark_as_spam", by="support-bridge-deleter")


@asks("GET /tickets/{}/tags", "PUT /tickets/{}/tags", "POST /tickets/{}/tags", "DELETE /tickets/{}/tags")
def tags(sandbox: Any) -> Answers:
    number = each_kind(sandbox)["open"]
    yield sandbox.get(f"{API}/tickets/{number}/tags")
    for method in ("POST", "PUT", "DELETE"):
        yield sandbox.call(method, f"{API}/tickets/{number}/tags", json={"tags": ["one", "two"]})
    sandbox.call("POST", f"/_sandbox/tickets/{number}/macro", by="", json={"by_trigger": True})
    yield sandbox.get(f"{API}/tickets/{number}/audits")


@asks("DELETE /tickets/{}", "PUT /deleted_tickets/{}/restore", "PUT /deleted_tickets/restore_many")
def there_and_back(sandbox: Any) -> Answers:
    number = int(sandbox.json(f"{API}/tickets")["tickets"][-1]["id"])
    for back in (f"{number}/restore", f"restore_many?ids={number}"):
        yield sandbox.delete(f"{API}/tickets/{number}")
        yield sandbox.call("PUT", f"{API}/deleted_tickets/{back}")


@asks("DELETE /tickets/destroy_many", "DELETE /deleted_tickets/{}", "DELETE /deleted_tickets/destroy_many",
      "GET /job_statuses/{}", "GET /job_statuses/show_many")  # fmt: skip
def jobs(sandbox: Any) -> Answers:
    old, (one, two) = sandbox.old(4), in_the_bin(sandbox, 2)
    for flaw, path in (
        ("", f"tickets/destroy_many?ids={old[0]},{old[1]}"),
        ("kill", f"tickets/destroy_many?ids={old[2]}"),
        ("fail", f"tickets/destroy_many?ids={old[2]}"),
        ("", f"deleted_tickets/{one}"),
        ("partial", f"deleted_tickets/destroy_many?ids={two}"),
    ):
        if flaw:
            sandbox.call("POST", "/_sandbox/jobs", by="", json={"next": flaw})
        yield (started := sandbox.delete(f"{API}/{path}"))
        yield from job_to_its_end(sandbox, started.json()["job_status"]["id"])


def job_to_its_end(sandbox: Any, job: str) -> Answers:
    def ended() -> Any:
        answer = sandbox.get(f"{API}/job_statuses/{job}")
        return answer if answer.json()["job_status"]["status"] not in ("queued", "working") else None

    yield sandbox.get(f"{API}/job_statuses/{job}")
    yield sandbox.until(ended)
    yield sandbox.get(f"{API}/job_statuses/show_many?ids={job},nobody")


@asks("GET /incremental/tickets/cursor", "GET /incremental/tickets")
def exports(sandbox: Any) -> Answers:
    sandbox.finished(sandbox.delete(f"{API}/deleted_tickets/{in_the_bin(sandbox)[0]}").json())
    sandbox.until(lambda: sandbox.truth(state="scrubbed"))
    in_the_bin(sandbox)
    sandbox.later(5)
    rows = sandbox.exported().values()
    assert {"deleted"} == {row["status"] for row in rows if row["subject"] == "SCRUBBED"}
    assert any(row["status"] == "deleted" and row["subject"] != "SCRUBBED" for row in rows)
    for name in ("cursor.json", ""):
        path = f"{API}/incremental/tickets/{name}".rstrip("/")
        for more in ("", "&include=metric_sets", "&per_page=3", "&exclude_deleted=true"):
            yield sandbox.get(f"{path}?start_time=0{more}")


@asks("GET /search", "GET /search/count", "GET /search/export")
def searches(sandbox: Any) -> Answers:
    for query in ("type:ticket status:closed", "type:ticket nothing_is_called_this"):
        yield sandbox.get(f"{API}/search?query={query}")
        yield sandbox.get(f"{API}/search/count?query={query}")
        yield sandbox.get(f"{API}/search/export?query={query}&filter[type]=ticket&page[size]=3")


@asks(*(f"GET /{name}" for name in FIELDS))
def catalogue(sandbox: Any) -> Answers:
    for name in FIELDS:
        yield sandbox.get(f"{API}/{name}")
        yield sandbox.get(f"{API}/{name}?page[size]=2")


@asks("GET /groups/{}", "GET /users/{}/groups", "GET /custom_roles", "GET /custom_roles/{}")
def staff(sandbox: Any) -> Answers:
    yield (listed := sandbox.get(f"{API}/custom_roles"))
    for role in listed.json()["custom_roles"]:
        yield sandbox.get(f"{API}/custom_roles/{role['id']}")
    for agent in range(500, 511):
        yield sandbox.get(f"{API}/users/{agent}")
        yield (groups := sandbox.get(f"{API}/users/{agent}/groups"))
        yield sandbox.get(f"{API}/users/{agent}/groups?page[size]=2")
    for group in groups.json()["groups"]:
        yield sandbox.get(f"{API}/groups/{group['id']}")


@asks("GET /users/me", "GET /users/{}", "GET /users/show_many", "DELETE /users/{}")
def users(sandbox: Any) -> Answers:
    requester = sandbox.truth(limit=1)[0]["requester_id"]
    yield sandbox.get(f"{API}/users/me")
    yield sandbox.get(f"{API}/users/me", by="")
    yield sandbox.get(f"{API}/users/{requester}")
    yield sandbox.get(f"{API}/users/501")
    yield sandbox.get(f"{API}/users/show_many?ids=501,{requester}")
    yield sandbox.delete(f"{API}/users/{requester}")


@asks("POST /oauth/tokens", "GET /oauth/tokens/current", "DELETE /oauth/tokens/current")
def tokens(sandbox: Any) -> Answers:
    asked = {
        "grant_type": "client_credentials",
        "client_id": "support-bridge",
        "client_secret": "sandbox-reader-secret",
    }
    yield (given := sandbox.call("POST", "/oauth/tokens", by="", json=asked))
    sandbox.tokens["short"] = given.json()["access_token"]
    yield sandbox.get(f"{API}/oauth/tokens/current", by="short")
    yield sandbox.call("DELETE", f"{API}/oauth/tokens/current", by="short")


@asks("GET /chat/chats", "GET /chat/chats/{}", "DELETE /chat/chats/{}", "GET /chat/incremental/chats")
def chats(sandbox: Any) -> Answers:
    yield (exported := sandbox.get(f"{API}/chat/incremental/chats?start_time=0", by="chat"))
    kinds = {chat["type"]: chat["id"] for chat in exported.json()["chats"]}
    assert kinds.keys() == {"chat", "offline_msg"}
    yield sandbox.get(f"{API}/chat/chats?ids={','.join(kinds.values())}", by="chat")
    for chat in kinds.values():
        yield sandbox.get(f"{API}/chat/chats/{chat}", by="chat")
        yield sandbox.call("DELETE", f"{API}/chat/chats/{chat}", by="chat")


@asks("GET /webhooks", "POST /webhooks", "GET /webhooks/{}", "PUT /webhooks/{}", "PATCH /webhooks/{}",
      "DELETE /webhooks/{}", "GET /webhooks/{}/signing_secret", "POST /webhooks/{}/signing_secret",
      "POST /webhooks/test")  # fmt: skip
def webhooks(sandbox: Any) -> Answers:
    with told_by(sandbox) as receiver:
        secret = {"type": "basic_auth", "data": {"username": "u", "password": "p"}, "add_position": "header"}
        asked = {"name": "one", "endpoint": receiver.url, "http_method": "POST", "request_format": "json",
                 "subscriptions": ["zen:event-type:ticket.created"], "authentication": secret,
                 "description": "d"}  # fmt: skip
        yield (made := sandbox.call("POST", f"{API}/webhooks", json={"webhook": asked}))
        path = f"{API}/webhooks/{made.json()['webhook']['id']}"
        for method, body in (("PUT", asked), ("PATCH", {"name": "two"})):
            yield sandbox.call(method, path, json={"webhook": body})
        for part in ("", "/signing_secret"):
            yield sandbox.get(path + part)
        yield sandbox.call("POST", f"{path}/signing_secret")
        yield sandbox.call("POST", f"{API}/webhooks/test", json={"request": {**asked, "payload": "{}"}})
        yield sandbox.get(f"{API}/webhooks")
        yield sandbox.call("DELETE", path)


@asks("GET /webhooks/{}/invocations", "GET /webhooks/{}/invocations/{}/attempts")
def activity(sandbox: Any) -> Answers:
    with told_by(sandbox) as receiver:
        receiver.answers = [(409, {}), (500, {})]
        number = each_kind(sandbox)["open"]
        for body in ("one", "two"):
            sandbox.call(
                "PUT", f"{API}/tickets/{number}", json={"ticket": {"comment": {"body": body, "public": False}}}
            )
            settled(sandbox)
        [webhook] = sandbox.json(f"{API}/webhooks")["webhooks"]
        yield (listed := sandbox.get(f"{API}/webhooks/{webhook['id']}/invocations"))
        for one in listed.json()["invocations"]:
            yield sandbox.get(f"{API}/webhooks/{webhook['id']}/invocations/{one['id']}/attempts")


@asks("GET /deletion_schedules", "GET /deletion_schedules/{}", "POST /deletion_schedules",
      "PUT /deletion_schedules/{}", "DELETE /deletion_schedules/{}")  # fmt: skip
def schedules(sandbox: Any) -> Answers:
    old = {"field": "duration_since_last_update", "operator": "greater_than", "value": "P9Y"}
    asked = {"title": "old ones", "conditions": {"all": [old], "any": []}, "active": False}
    yield (made := sandbox.call("POST", f"{API}/deletion_schedules", json={"deletion_schedule": asked}))
    path = f"{API}/deletion_schedules/{made.json()['deletion_schedule']['id']}"
    yield sandbox.get(path)
    yield sandbox.call("PUT", path, json={"deletion_schedule": {"title": "others"}})
    yield sandbox.get(f"{API}/deletion_schedules")
    yield sandbox.call("DELETE", path)
