"""Whatever comes in at the webhooks' address: an answer that was promised, and nothing kept of what was refused."""

import json
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import run_wsgi_app

from tests.integration.receiver import EMAIL, PERSON
from tests.trials.bodies import environ, throw
from tests.trials.body_judging import ANSWERS, Tally, judge
from tests.trials.body_kinds import VALUES, Case, sign

MOST = 3000
LATIN = st.text(st.characters(codec="latin-1"), max_size=40)
NAMES = (
    "id",
    "type",
    "subject",
    "time",
    "detail",
    "event",
    "ticket_id",
    "ticket",
    "chat_id",
    "conversation_id",
    PERSON,
)
TYPES = st.sampled_from(
    [f"zen:event-type:{what}" for what in ("ticket.created", "user.deleted", "messaging_ticket.message_added", "a.b")]
)
JSON = st.recursive(
    st.sampled_from(VALUES) | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)
RECORDS = st.fixed_dictionaries({}, optional={name: TYPES | JSON if name == "type" else JSON for name in NAMES})
BODIES = st.binary(max_size=200) | RECORDS.map(lambda said: json.dumps(said).encode())
ALIKE = settings(
    max_examples=200,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def test_three_thousand_requests_of_every_kind_are_answered_and_kept_as_promised(app: Flask) -> None:
    tally = throw(app, MOST, seed=20261122)
    assert tally.faults == []
    met = {answer.split()[0] for answer in tally.answers}
    assert met == {str(status) for status in ANSWERS - {429}}, "each of the answers was met with"
    assert 0.2 * MOST < tally.rows < 0.8 * MOST


@ALIKE
@given(
    body=BODIES, headers=st.dictionaries(st.sampled_from(["Content-Type", "Content-Encoding", "Accept", "Host"]), LATIN)
)
def test_a_signed_request_of_any_body_and_headers_is_answered_as_promised(
    app: Flask, body: bytes, headers: dict[str, str]
) -> None:
    answered(app, Case(body, "t0", headers=headers), signed=True)


@ALIKE
@given(
    body=BODIES,
    signature=LATIN,
    at=LATIN,
    length=st.none() | LATIN | st.just("right"),
    method=st.sampled_from(["POST", "GET", EMAIL]),
)
def test_a_request_that_nobody_signed_is_never_taken(
    app: Flask, body: bytes, signature: str, at: str, length: str | None, method: str
) -> None:
    headers = {"X-Zendesk-Webhook-Signature": signature, "X-Zendesk-Webhook-Signature-Timestamp": at}
    case = Case(body, "t0", method, headers, length, genuine=False)
    assert answered(app, case, signed=False) in (401, 405, 413)


def answered(app: Flask, case: Case, *, signed: bool) -> int:
    """The status; whatever else is wrong with the answer is told."""
    if signed:
        sign(case)
    tally = Tally()
    said, status, headers = run_wsgi_app(app.wsgi_app, environ(case))
    judge(tally, case, int(status.split()[0]), dict(headers), b"".join(said), "here")
    assert tally.faults == []
    return int(status.split()[0])


def test_the_judge_sees_what_is_wrong() -> None:
    case: dict[str, Any] = {"body": b"", "invocation": "t1"}
    shape = {"code": 401}
    for wrong in (
        (Case(**case), 500, {}, {"code": 500}),
        (Case(**case), 503, {"Retry-After": "60"}, {"code": 503}),
        (Case(**case, genuine=False), 202, {}, {"status": "recorded"}),
        (Case(**case, right=True), 401, {}, shape),
        (Case(**case, repeats=True), 202, {}, {"status": "recorded"}),
        (Case(**case, right=True), 202, {}, {"status": "known"}),
        (Case(**case), 401, {}, {"error": "no"}),
        (Case(**case), 401, {}, shape | {"message": f"Not from {PERSON}"}),
    ):
        tally = Tally()
        judge(tally, *wrong[:3], json.dumps(wrong[3]).encode(), "here")  # type: ignore[arg-type]
        assert tally.faults != []
    tally = Tally()
    judge(tally, Case(**case), 401, {}, json.dumps(shape).encode(), "here")
    assert tally.faults == []
