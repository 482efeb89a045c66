"""`/context/lookups`: auditors see who looked up what, page by page or as a file, and no value."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.context.lookups import reading, wanted
from support_bridge.context.lookups.pages import MOST_IN_A_FILE
from support_bridge.context.lookups.table import safe
from support_bridge.context.tables import LookUp
from support_bridge.people.values import Role
from tests.integration.asking import Ask
from tests.integration.reading_pages import Element, inline, read

NOON = datetime(2026, 7, 1, 11, tzinfo=UTC)  # noon by the clock in the UK
SignIn = Callable[..., FlaskClient]


@pytest.fixture
def auditor(signed_in: SignIn) -> FlaskClient:
    return signed_in(Role.AUDITOR)


@pytest.fixture
def keep(sessions: sessionmaker[Session]) -> Callable[..., None]:
    """Have look-ups kept: keep(3, agent_id=502), each a minute older than the one before."""

    def make(count: int = 1, *, at: datetime = NOON, **changes: Any) -> None:
        rows = [row(asked_at=at - timedelta(minutes=n), **changes) for n in range(count)]
        with sessions.begin() as session:
            session.execute(insert(LookUp), rows)

    return make


def row(**changes: Any) -> dict[str, Any]:
    kept = {"id": uuid4(), "ticket_id": 1042, "agent_id": 501, "purpose": "answer a question", "provider": "1TZ",
            "candidate": None, "asked_at": NOON, "completed_at": NOON, "fields": ["provider.name"],
            "sources": ["publish"], "unavailable": [], "outcome": "shown", "way": "sidebar",
            "note": "added"}  # fmt: skip
    return kept | changes


def fill(sessions: sessionmaker[Session], count: int) -> None:
    """So many, each a minute older than the one before."""
    with sessions.begin() as session:
        session.execute(
            text(
                "INSERT INTO look_up (id, ticket_id, agent_id, purpose, asked_at, outcome, completed_at) "
                "SELECT gen_random_uuid(), 1000 + n % 5000, 500 + n % 40, 'x', at, 'shown', at FROM (SELECT n, "
                "timestamptz '2026-07-01' - n * interval '1 minute' FROM generate_series(1, :count) n) AS made (n, at)"
            ),
            {"count": count},
        )


def page(client: FlaskClient, query: str = "", status: int = 200) -> Element:
    answer = client.get(f"/context/lookups?{query}")
    assert answer.status_code == status
    assert inline(read(answer.get_data(as_text=True))) == []
    return read(answer.get_data(as_text=True))


def rows(shown: Element) -> list[list[str]]:
    return [line for table in shown.all("table") for line in table.rows()[1:]]


def as_file(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/context/lookups.csv?{query}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


def test_a_look_up_is_there_for_the_auditor_with_its_fields_names_and_without_a_value(
    ask: Ask, auditor: FlaskClient
) -> None:
    said = ask(1042).json
    ((when, agent, ticket, asked_for, purpose, way, outcome, note),) = rows(page(auditor))
    assert (agent, ticket, asked_for, way, note) == (
        "501",
        "1042",
        "provider 1TZ, candidate C1234",
        "API",
        "Not asked for",
    )
    assert purpose == "answer a question about an offer"
    assert outcome.startswith("Shown")
    assert "provider.name" in outcome
    assert "application.forms" in outcome
    assert " at " in when
    for value in (said["provider"]["name"], said["application"]["forms"][0]["choices"][0]["course"]):
        assert value not in page(auditor).text
    (line,) = as_file(auditor)
    assert line["lookup"] == said["lookup"]
    assert (line["agent"], line["ticket"], line["outcome"], line["way"]) == ("501", "1042", "shown", "api")
    assert set(line["sources"].split()) == {"publish", "apply", "timetables"}


def test_who_was_refused_and_what_was_cut_short_is_there_too(keep: Callable[..., None], auditor: FlaskClient) -> None:
    keep(outcome="refused", fields=[], note=None)
    keep(outcome=None, completed_at=None, at=NOON - timedelta(hours=1), fields=[], note=None)
    keep(outcome=None, at=NOON - timedelta(hours=2), provider="search", candidate=None)  # of before outcomes were kept
    shown = rows(page(auditor))
    assert [line[6].split("1 ")[0].strip() for line in shown] == ["Refused", "Cut short", "Not recorded"]
    assert shown[2][3] == "a provider, by search"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("agent=502", [2]), ("ticket=%231043", [3]), ("outcome=refused", [4]), ("outcome=cut_short", [5]),
        ("agent=501&ticket=1042&outcome=shown", [1]), ("agent=999", []), ("agent=&ticket=&outcome=", [1, 2, 3, 4, 5]),
    ],
)  # fmt: skip
def test_the_filters_leave_what_was_asked_for(
    query: str, found: list[int], keep: Callable[..., None], auditor: FlaskClient
) -> None:
    purposes = {f"number {n}": n for n in range(1, 6)}
    keep(purpose="number 1")
    keep(purpose="number 2", agent_id=502)
    keep(purpose="number 3", ticket_id=1043)
    keep(purpose="number 4", outcome="refused")
    keep(purpose="number 5", outcome=None, completed_at=None)
    assert sorted(purposes[line[4]] for line in rows(page(auditor, query))) == found
    assert sorted(purposes[line["purpose"]] for line in as_file(auditor, query)) == found


def test_days_are_those_of_the_clock_in_the_uk(keep: Callable[..., None], auditor: FlaskClient) -> None:
    keep(purpose="before", at=datetime(2026, 6, 30, 22, 59, tzinfo=UTC))
    keep(purpose="first", at=datetime(2026, 6, 30, 23, 0, tzinfo=UTC))  # midnight in the UK's summer
    keep(purpose="last", at=datetime(2026, 7, 1, 22, 59, tzinfo=UTC))
    keep(purpose="after", at=datetime(2026, 7, 1, 23, 0, tzinfo=UTC))
    day = "{0}-day=1&{0}-month=7&{0}-year=2026"
    both = f"{day.format('first')}&{day.format('last')}"
    assert [line[4] for line in rows(page(auditor, both))] == ["last", "first"]
    assert [line[4] for line in rows(page(auditor, day.format("first")))] == ["after", "last", "first"]
    assert [line[4] for line in rows(page(auditor, day.format("last")))] == ["last", "first", "before"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("agent=ada", "agent"), ("ticket=1042;", "ticket"), ("ticket=1234567890123456789", "ticket"),
        ("outcome=all", "outcome"), ("first-day=1", "first-month"),
        ("first-day=31&first-month=2&first-year=2026", "first-day"),
        ("last-day=1&last-month=7&last-year=99999", "last-day"), ("after=yesterday", "main-content"),
        ("after=20260701T110000.000000_zz", "main-content"),
        ("first-day=2&first-month=7&first-year=2026&last-day=1&last-month=7&last-year=2026", "last-day"),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_for_is_said_at_its_field(query: str, field: str, auditor: FlaskClient) -> None:
    shown = page(auditor, query, status=400)
    (summary,) = shown.all("div", "govuk-error-summary")
    assert summary.all("a")[0].attributes["href"] == f"#{field}"
    assert shown.by_id(field)
    assert auditor.get(f"/context/lookups.csv?{query}").status_code == 400


@given(st.dictionaries(st.sampled_from(["agent", "ticket", "outcome", "after", "first-day", "first-month", "first-year",
                                        "last-day", "last-month", "last-year"]), st.text(max_size=30)))  # fmt: skip
def test_anything_typed_is_read_or_told_to_be_wrong(typed: dict[str, str]) -> None:
    asked = wanted.read(typed)
    given = {name.partition("-")[0] for name, text in typed.items() if text.strip()}
    assert (
        asked.wrong
        or not given
        or any(
            (asked.agent is not None, asked.ticket is not None, asked.outcome, asked.since, asked.until, asked.after)
        )
    )


def test_page_after_page_shows_each_once_also_those_of_one_moment(
    keep: Callable[..., None], auditor: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    for _ in range(reading.SIZE):
        keep(2, at=NOON)  # so many of the very same moment
    seen: list[str] = []
    query, pages = "", 0
    while True:
        shown = page(auditor, f"agent=501&{query}")
        seen += [line[0] for line in rows(shown)]
        pages += 1
        links = [one.attributes["href"] for one in shown.all("a", "govuk-pagination__link")]
        if not links:
            break
        assert "agent=501&" in links[0]
        query = links[0].partition("&")[2]
    assert (len(seen), pages) == (2 * reading.SIZE, 2)
    assert seen == sorted(seen, reverse=True)


def test_a_walk_over_all_pages_meets_every_look_up_once(
    keep: Callable[..., None], sessions: sessionmaker[Session]
) -> None:
    keep(7, at=NOON)
    keep(7, at=NOON)
    keep(3, at=NOON, outcome="refused")
    for outcome, many in (("", 17), ("refused", 3), ("shown", 14)):
        met: list[UUID] = []
        asked = wanted.Wanted(outcome=outcome)
        with sessions() as session:
            while True:
                found = reading.page(session, asked, size=4)
                met += [one.id for one in found.rows]
                if found.after is None:
                    break
                asked = wanted.read({"outcome": outcome, "after": str(found.after)})
                assert asked.wrong == {}
        assert (len(met), len(set(met))) == (many, many)


def test_a_rare_outcome_is_found_on_a_later_page_however_many_lie_before(
    keep: Callable[..., None], sessions: sessionmaker[Session]
) -> None:
    keep(25)
    keep(1, at=NOON - timedelta(days=1), outcome="refused", purpose="the one")
    asked, found = wanted.Wanted(outcome="refused"), []
    with sessions() as session:
        for number in range(3):
            here = reading.page(session, asked, looked_through=10)
            found.append([one.purpose for one in here.rows])
            assert (here.is_part, here.after is not None) == (number < 2, number < 2)
            asked = wanted.Wanted(outcome="refused", after=here.after)
    assert found == [[], [], ["the one"]]


def test_where_not_all_were_looked_through_the_page_says_so_and_leads_on(
    auditor: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    fill(sessions, reading.LOOKED_THROUGH + 5)
    shown = page(auditor, "outcome=refused")
    assert "older ones may match" in shown.text
    assert "No look-up matches" not in shown.text
    (link,) = shown.all("a", "govuk-pagination__link")
    last = page(auditor, link.attributes["href"].partition("?")[2])
    assert "No look-up matches" in last.text
    assert last.all("a", "govuk-pagination__link") == []


def test_a_file_of_more_than_it_may_hold_is_refused_and_not_cut(
    auditor: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    fill(sessions, MOST_IN_A_FILE + 1)
    answer = auditor.get("/context/lookups.csv")
    assert answer.status_code == 400
    assert "choose fewer days" in answer.get_data(as_text=True)
    last_day = "first-day=30&first-month=6&first-year=2026"
    assert len(as_file(auditor, last_day)) >= 23 * 60


@pytest.mark.parametrize(
    "purpose",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        " =1",
        "|calc",
        "%0a",
        '=HYPERLINK("x","y")',
        *map(chr, (0xFF1D, 0xFF0B, 0xFF0D, 0xFF20)),
    ],
)
def test_no_cell_of_the_file_is_a_formula(purpose: str, keep: Callable[..., None], auditor: FlaskClient) -> None:
    keep(purpose=purpose)
    (line,) = as_file(auditor)
    assert line["purpose"] == f"'{purpose}"


@given(st.text())
def test_whatever_stands_in_a_cell_it_begins_no_formula_and_is_all_there(said: str) -> None:
    cell = safe(said)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "|", "%"))
    assert cell.removeprefix("'") == said or cell == said


def test_a_purpose_is_shown_as_text(keep: Callable[..., None], auditor: FlaskClient) -> None:
    hostile = "<script>alert(1)</script>{{ 7 * 7 }}"
    keep(purpose=hostile)
    assert rows(page(auditor))[0][4] == hostile


def test_without_any_it_says_so(auditor: FlaskClient) -> None:
    assert "No look-up matches." in page(auditor).text


@pytest.mark.parametrize("path", ["/context/lookups", "/context/lookups.csv"])
def test_the_file_is_for_auditors_alone(path: str, signed_in: SignIn, client: FlaskClient) -> None:
    assert client.get(path).status_code == 302
    others = signed_in(*(set(Role) - {Role.AUDITOR}))
    assert others.get(path).status_code == 403


def test_a_page_among_many_goes_by_an_index_and_reads_no_more_than_it_shows(sessions: sessionmaker[Session]) -> None:
    fill(sessions, 40_000)
    with sessions.begin() as session:
        session.execute(text("ANALYZE look_up"))
    middle = str(wanted.Place(NOON - timedelta(days=10), uuid4()))
    with sessions() as session:
        for typed in ({}, {"after": middle}, {"agent": "501"}, {"ticket": "1042"}, {"agent": "501", "after": middle}):
            query = reading.newest(wanted.read(typed)).limit(51)
            said = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            plan = "\n".join(session.connection().exec_driver_sql(f"EXPLAIN {said}").scalars())
            assert "Index" in plan, plan
            assert "Seq Scan" not in plan, plan
