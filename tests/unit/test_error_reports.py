"""Which errors are reported, and what a report may hold."""

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import BadRequest, InternalServerError, TooManyRequests

from support_bridge.error_reports import needs_a_person, only_what_is_allowed
from support_bridge.errors import Conflict, NeedsAPerson, NotFound, Refused, TryAgain
from support_bridge.inbox.settle import LeaseLost


def away(error: psycopg.Error) -> OperationalError:
    return OperationalError("SELECT", {}, error)


@pytest.mark.parametrize(
    "error",
    [
        NeedsAPerson("x"),
        KeyError("x"),
        InternalServerError(),
        IntegrityError("INSERT", {}, psycopg.errors.CheckViolation()),
        away(psycopg.errors.DiskFull()),
        away(psycopg.errors.QueryCanceled()),
    ],
)
def test_somebody_must_see_to_what_is_unexpected_or_says_so(error: BaseException) -> None:
    assert needs_a_person(error)


@pytest.mark.parametrize(
    "error",
    [
        Refused("x"),
        NotFound("x"),
        Conflict("x"),
        TryAgain("x"),
        LeaseLost("x"),
        BadRequest(),
        TooManyRequests(),
        away(psycopg.OperationalError("connection refused")),
        away(psycopg.errors.AdminShutdown()),
        away(psycopg.errors.ConnectionFailure()),
        KeyboardInterrupt(),
        SystemExit(1),
    ],
)
def test_nobody_must_see_to_a_refusal_or_to_what_goes_away_by_itself(error: BaseException) -> None:
    assert not needs_a_person(error)


def test_what_anything_else_would_send_is_not_sent_and_what_is_added_to_a_report_neither() -> None:
    assert only_what_is_allowed({"message": "sbxperson", "level": "error"}, {}) is None
    added = {"user": {"id": "sbxperson"}, "request": {"url": "sbxperson"}, "extra": {"a": 1}, "server_name": "x"}
    assert only_what_is_allowed({"level": "error", **added}, {"report": True}) == {"level": "error"}  # type: ignore[typeddict-item]
