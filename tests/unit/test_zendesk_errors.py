"""What each of Zendesk's answers means: every envelope, as recorded."""

import json
from typing import Any

import pytest
import requests

from support_bridge.errors import NeedsAPerson, NotFound, TryAgain
from support_bridge.zendesk.errors import (
    CHAT,
    SUPPORT,
    TOKENS,
    Closed,
    Failing,
    Missing,
    NoSuchEndpoint,
    NotAllowed,
    meaning_of,
)

PARTS = (SUPPORT, CHAT, TOKENS)
CLOSED = {"status": [{"description": "Status: closed prevents ticket update"}]}
INVALID = {"error": "RecordInvalid", "description": "Record validation errors"}
BLANK = {"base": [{"description": "Description: cannot be blank", "error": "BlankValue"}]}
TITLED = {"error": {"title": "Forbidden", "message": "You do not have access to this page."}}
DEEP = {"errors": [{"code": "InvalidPaginationDepth", "title": "x", "detail": "x"}]}
JOBS = {"error": "TooManyJobs", "description": "Too many jobs", "current_job_ids": ["a"]}
PAGE = "<!DOCTYPE html><html><title>Page not found - Zendesk</title></html>"


def answer(status: int, body: Any, kind: str = "", method: str = "GET", **headers: str) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made._content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    made.headers["Content-Type"] = kind or ("text/plain" if isinstance(body, str) else "application/json")
    made.headers.update(headers)
    made.request = requests.Request(method, "https://x.zendesk.com/api/v2/tickets/1").prepare()
    return made


def error_of(made: requests.Response) -> Exception:
    meaning = meaning_of(made)
    assert meaning is not None
    return meaning.error(made, "GET /x")


@pytest.mark.parametrize(
    ("status", "body", "means", "outcome"),
    [
        (401, {"error": "Couldn't authenticate you"}, NotAllowed, "not_allowed"),
        (401, {"error": "invalid_client", "error_description": "x"}, NotAllowed, "not_allowed"),
        (403, TITLED, NotAllowed, "not_allowed"),
        (403, "", NotAllowed, "not_allowed"),
        (404, {"error": "RecordNotFound", "description": "Not found"}, Missing, "missing"),
        (404, {"error": "Not Found"}, NoSuchEndpoint, "no_endpoint"),
        (404, {"status": 404, "error": "Not Found", "path": "/x"}, NoSuchEndpoint, "no_endpoint"),
        (404, {"error": {"title": "RecordNotFound here, moved"}}, NoSuchEndpoint, "no_endpoint"),
        (404, {"details": {"base": [{"description": "RecordNotFound"}]}}, NoSuchEndpoint, "no_endpoint"),
        (404, {"error": "InvalidEndpoint", "description": "Not found"}, NoSuchEndpoint, "no_endpoint"),
        (404, PAGE, NoSuchEndpoint, "no_endpoint"),
        (404, "", NoSuchEndpoint, "no_endpoint"),
        (404, " ", NoSuchEndpoint, "no_endpoint"),
        (404, "RecordNotFound", NoSuchEndpoint, "no_endpoint"),
        (404, TITLED, NoSuchEndpoint, "no_endpoint"),
        (404, ["RecordNotFound"], NoSuchEndpoint, "no_endpoint"),
        (422, INVALID | {"details": CLOSED}, Closed, "closed"),
        (422, INVALID | {"details": BLANK}, NeedsAPerson, "not_understood"),
        (422, INVALID | {"details": ["odd"]}, NeedsAPerson, "not_understood"),
        (422, {"error": "Requested response size was greater than …"}, NeedsAPerson, "not_understood"),
        (400, DEEP, NeedsAPerson, "not_understood"),
        (400, "Required parameter missing: phone_number", NeedsAPerson, "not_understood"),
        (406, {"error": "CommentRequired", "description": "x"}, NeedsAPerson, "not_understood"),
        (409, {"error": "UpdateConflict", "description": "x"}, TryAgain, "conflict"),
        (409, "Requester creation collision - please try again", TryAgain, "conflict"),
        (410, "", NeedsAPerson, "not_understood"),
        (408, "", TryAgain, "busy"),
        (423, "", TryAgain, "busy"),
        (429, "Number of allowed API requests per minute exceeded", TryAgain, "limited"),
        (429, {"error": "APIRateLimitExceeded", "description": "x"}, TryAgain, "limited"),
        (429, JOBS, TryAgain, "too_many_jobs"),
        (500, "", Failing, "failing"),
        (502, PAGE, Failing, "failing"),
        (503, {"error": "unavailable", "description": "x"}, Failing, "failing"),
        (301, "", NeedsAPerson, "moved"),
        (200, PAGE, Failing, "not_json"),
        (200, "", Failing, "not_json"),
        (101, "", NeedsAPerson, "not_understood"),
        (999, "", NeedsAPerson, "not_understood"),
    ],
)  # fmt: skip
def test_every_answer_that_is_not_good_has_one_meaning(
    status: int, body: Any, means: type[Exception], outcome: str
) -> None:
    made = answer(status, body)
    meaning = meaning_of(made)
    assert meaning is not None
    assert meaning.outcome == outcome
    assert type(error_of(made)) is means


def test_each_part_of_zendesk_says_in_its_own_word_that_there_is_no_record() -> None:
    chats, tickets = answer(404, {"error": "Not Found"}), answer(404, {"error": "RecordNotFound"})
    said = {part: [meaning.outcome for one in (chats, tickets) if (meaning := meaning_of(one, part))] for part in PARTS}
    assert said == {
        SUPPORT: ["no_endpoint", "missing"],
        CHAT: ["missing", "no_endpoint"],
        TOKENS: ["no_endpoint", "no_endpoint"],
    }


def test_json_that_is_too_deep_is_not_an_answer() -> None:
    assert isinstance(error_of(answer(200, "[" * 100_000 + "]" * 100_000, "application/json")), TryAgain)


def test_what_says_json_and_is_none_is_not_an_answer() -> None:
    for body in ("{", "[1]", '"x"', "null", "\x00"):
        assert isinstance(error_of(answer(200, body, "application/json")), TryAgain)


def test_a_good_answer_means_nothing() -> None:
    assert meaning_of(answer(200, {"ticket": {}})) is None
    assert meaning_of(answer(204, "", method="DELETE")) is None


def test_an_error_is_not_hidden_by_odd_json() -> None:
    for body in ("{", "[", '{"errors": {"code": 1}}', '{"errors": [1, null]}', '{"details": {"a": 1}}', '{"error": 5}'):
        assert type(error_of(answer(422, body, "application/json"))) is NeedsAPerson


def test_no_word_of_a_body_is_in_a_message() -> None:
    quoted = {"subject": [{"description": "Subject: a-name@example.invalid is odd"}]}
    said = str(error_of(answer(422, INVALID | {"details": quoted})))
    assert "example" not in said
    assert "GET /x" in said


def test_missing_is_told_as_not_found() -> None:
    assert issubclass(Missing, NotFound)


def test_when_to_try_again_is_what_zendesk_says() -> None:
    error = error_of(answer(503, "", **{"Retry-After": "42"}))
    assert isinstance(error, TryAgain)
    assert error.not_before is not None
