"""`/holds`: place, see, release; what is refused is told where it was typed, and nothing is lost."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.holds import holding
from support_bridge.holds.tables import Hold
from support_bridge.people.values import Role
from support_bridge.retention.tables import RegisterEntry, RetentionItem
from support_bridge.retention.values import Stage
from tests.conftest import Sandbox
from tests.integration.deleting import Approve
from tests.integration.desk import due
from tests.integration.reading_pages import Element, inline, key_of, read

SignIn = Callable[..., FlaskClient]
OWNER = "11111111-2222-4333-8444-555555555555"


def form(**changes: str) -> dict[str, str]:
    day = datetime.now(UTC).date() + timedelta(days=90)
    typed = {
        "ticket": "1042",
        "reason": "Request 14",
        "day": str(day.day),
        "month": str(day.month),
        "year": str(day.year),
    }
    typed |= changes
    return {("review-" + name if name in ("day", "month", "year") else name): value for name, value in typed.items()}


@pytest.fixture(params=[Role.RETENTION, Role.RIGHTS])
def keeper(request: pytest.FixtureRequest, signed_in: SignIn) -> FlaskClient:
    return signed_in(request.param, subject=OWNER)


@pytest.fixture
def one(signed_in: SignIn) -> FlaskClient:
    return signed_in(Role.RIGHTS, subject=OWNER)


@pytest.fixture
def place(sessions: sessionmaker[Session]) -> Callable[..., int]:
    """Place a hold beneath the page; its number."""

    def make(ticket: int, review_in_days: int = 30, reason: str = "Request 7", owner: str = "somebody") -> int:
        now = datetime.now(UTC)
        with sessions.begin() as session:
            hold = Hold(ticket_id=ticket, reason=reason, owner=owner, placed_at=now,
                        review_on=now.date() + timedelta(days=review_in_days))  # fmt: skip
            session.add(hold)
            session.flush()
            return hold.id

    return make


def visit(client: FlaskClient, url: str = "/holds") -> Element:
    answer = client.get(url)
    assert answer.status_code == 200
    return read(answer.text)


def send(client: FlaskClient, typed: dict[str, str], url: str = "/holds", page: str = "/holds") -> Any:
    return client.post(url, data=typed | {"csrf_token": key_of(client.get(page))})


def standing(sessions: sessionmaker[Session]) -> list[tuple[int, str, str]]:
    with sessions() as session:
        return [(hold.ticket_id, hold.reason, hold.owner) for hold in holding.holds(session)]


def test_a_hold_is_placed_by_whoever_is_signed_in_and_seen_afterwards(
    keeper: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    answer = send(keeper, form(ticket="#1042", reason=" Request  14 "))
    assert (answer.status_code, answer.location) == (303, "/holds")
    assert standing(sessions) == [(1042, "Request 14", OWNER)]
    page = visit(keeper)
    assert "ticket 1042 is left alone from now on" in page.all("div", "govuk-notification-banner--success")[0].text
    (_, row) = page.all("table")[0].rows()
    assert (row[0], row[2]) == ("1042", "Request 14")
    assert row[3].endswith("by you")
    assert "left alone from now on" not in visit(keeper).text


def test_who_places_it_cannot_be_typed(one: FlaskClient, sessions: sessionmaker[Session]) -> None:
    send(one, form() | {"owner": "somebody else", "placed_at": "2020-01-01"})
    assert [owner for _, _, owner in standing(sessions)] == [OWNER]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ticket": ""}, "ticket", "Enter the ticket"), ({"ticket": "12a"}, "ticket", "whole number"),
        ({"reason": ""}, "reason", "Enter why"), ({"reason": "ask ada@example.invalid"}, "reason", "e-mail"),
        ({"reason": "ring 07700 900123"}, "reason", "long numbers"), ({"month": "13"}, "review-day", "real date"),
        ({"year": ""}, "review-year", "include a year"), ({"year": "2020"}, "review-day", "in the future"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_at_its_field_and_what_was_typed_stays(
    changes: dict[str, str], field: str, words: str, one: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    typed = form(**changes)
    answer = send(one, typed)
    assert answer.status_code == 400
    page = read(answer.text)
    (link,) = page.all("div", "govuk-error-summary")[0].all("a")
    assert link.attributes["href"] == f"#{field}"
    assert words in link.text
    assert [part.text.removeprefix("Error: ") for part in page.all("p", "govuk-error-message")] == [link.text]
    for name, value in typed.items():
        box = page.by_id(name)
        assert (box.text if box.tag == "textarea" else box.attributes.get("value", "")) == value
    assert standing(sessions) == []


def test_every_fault_is_told_at_once(one: FlaskClient) -> None:
    page = read(send(one, {}).text)
    links = [link.attributes["href"] for link in page.all("div", "govuk-error-summary")[0].all("a")]
    assert links == ["#ticket", "#reason", "#review-day"]


@pytest.fixture
def doomed(sandbox: Sandbox, approved: Approve) -> tuple[int, str]:
    """A ticket that is due, and its approved run."""
    ticket = due(sandbox.truth(state="live"))[0]
    return ticket, approved([ticket])


def test_a_ticket_that_is_gone_for_good_cannot_be_held(
    doomed: tuple[int, str], one: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    ticket, run = doomed
    at = datetime(2026, 1, 2, tzinfo=UTC)
    with sessions.begin() as session:
        session.add(RegisterEntry(ticket_id=ticket, run_id=run, policy="x", notice="y", due_at=at, confirmed_at=at))
    answer = send(one, form(ticket=str(ticket)))
    assert answer.status_code == 400
    assert "deleted for good on 02 January 2026" in read(answer.text).all("div", "govuk-error-summary")[0].text
    assert standing(sessions) == []


def test_a_deletion_that_has_begun_is_told_and_the_hold_is_placed(
    doomed: tuple[int, str], one: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    ticket, run = doomed
    with sessions.begin() as session:
        session.execute(update(RetentionItem).values(stage=Stage.SOFT_DELETED))
    assert send(one, form(ticket=str(ticket))).status_code == 303
    assert f"Its deletion has begun in run {run}" in visit(one).text
    assert [held for held, _, _ in standing(sessions)] == [ticket]


def test_the_next_to_be_reviewed_comes_first_and_those_past_their_date_say_so(
    one: FlaskClient, place: Callable[..., int]
) -> None:
    for ticket, days in ((1, 40), (2, -1), (3, 0), (4, 5)):
        place(ticket, days)
    _, *rows = visit(one).all("table")[0].rows()
    assert [row[0] for row in rows] == ["2", "3", "4", "1"]
    assert [("Past its review date" in row[1], "Review today" in row[1]) for row in rows] == [
        (True, False), (False, True), (False, False), (False, False),
    ]  # fmt: skip


def test_without_a_hold_the_page_says_so(one: FlaskClient) -> None:
    page = visit(one)
    assert "No ticket is held." in page.text
    assert page.all("table") == []


def test_releasing_asks_first_and_then_ends_it(
    keeper: FlaskClient, place: Callable[..., int], sessions: sessionmaker[Session]
) -> None:
    number = place(1042)
    (link,) = visit(keeper).all("table")[0].all("a")
    asked = visit(keeper, link.attributes["href"])
    assert "Are you sure" in asked.text
    assert standing(sessions) != []
    (button,) = [one for one in asked.all("form") if one.all("button", "govuk-button--warning")]
    answer = send(keeper, {}, button.attributes["action"], link.attributes["href"])
    assert (answer.status_code, answer.location) == (303, "/holds")
    assert standing(sessions) == []
    assert f"Hold {number} has ended" in visit(keeper).text


def test_a_hold_that_somebody_released_meanwhile_is_no_error(one: FlaskClient, place: Callable[..., int]) -> None:
    url = f"/holds/{place(1042)}/release"
    place(1043)
    assert send(one, {}, url, url).status_code == 303
    assert "was released before" not in visit(one).text
    assert send(one, {}, url).status_code == 303
    assert "was released before" in visit(one).text
    assert one.get(url).status_code == 303


@pytest.mark.parametrize("number", ["7", "0", "-1", "x", str(10**18), str(10**30)])
def test_a_hold_that_there_is_not_is_not_found(number: str, one: FlaskClient) -> None:
    assert one.get(f"/holds/{number}/release").status_code == 404
    # What is no number of a hold is no address of ours; werkzeug then says that of the method.
    assert send(one, {}, f"/holds/{number}/release").status_code in (404, 405)


def test_nothing_is_done_without_the_forms_key(
    one: FlaskClient, place: Callable[..., int], sessions: sessionmaker[Session]
) -> None:
    number = place(1042)
    assert one.post("/holds", data=form(ticket="1043")).status_code == 400
    assert one.post(f"/holds/{number}/release").status_code == 400
    assert [ticket for ticket, _, _ in standing(sessions)] == [1042]


def test_reading_the_question_releases_nothing(
    one: FlaskClient, place: Callable[..., int], sessions: sessionmaker[Session]
) -> None:
    one.get(f"/holds/{place(1042)}/release")
    assert len(standing(sessions)) == 1


def test_only_the_roles_that_may_hold_come_in(
    client: FlaskClient, signed_in: SignIn, place: Callable[..., int]
) -> None:
    url = f"/holds/{place(1042)}/release"
    assert client.get("/holds").status_code == 302
    other = signed_in(Role.AGENT, Role.INSIGHTS, Role.AUDITOR)
    key = key_of(other.get("/"))
    for path in ("/holds", url):
        assert other.get(path).status_code == 403
        assert other.post(path, data=form() | {"csrf_token": key}).status_code == 403


def test_a_reason_never_becomes_part_of_the_page(one: FlaskClient, place: Callable[..., int]) -> None:
    number = place(1042, reason="<script>alert(1)</script>")
    for url in ("/holds", f"/holds/{number}/release"):
        answer = one.get(url)
        assert "<script>alert" not in answer.text
        assert inline(read(answer.text)) == []


def test_the_review_date_is_kept_as_it_was_typed(one: FlaskClient, sessions: sessionmaker[Session]) -> None:
    send(one, form(day="3", month="02", year="2999"))
    with sessions() as session:
        (hold,) = holding.holds(session)
    assert hold.review_on == date(2999, 2, 3)
