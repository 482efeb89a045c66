"""`/insights`: the numbers of the API and no other, as tables and as a chart that says the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.inbox.record import record
from support_bridge.inbox.values import Heard
from support_bridge.insights.rules import METRICS
from support_bridge.insights.tables import ExportWalk
from support_bridge.insights.words import month_in_words, value_in_words
from support_bridge.people import grants
from support_bridge.people import sessions as staff_sessions
from support_bridge.people.values import Role
from support_bridge.services import Services
from support_bridge.web.charts.frames import NARROW, WIDE
from tests.conftest import Sandbox
from tests.integration.desk import mirror, now
from tests.integration.reading_pages import Element, inline, read

API = "/api/v1/insights"
SERVICES = ["Manage chat", "Apply support", "School placements"]
SHOWN = ["created", "solved", "backlog", "first_reply", "full_resolution"]
SignIn = Callable[..., FlaskClient]


@pytest.fixture
def desk(sandbox: Sandbox, services: Services) -> None:
    """Six hundred of the account's newest tickets, mirrored, and the account read to its end."""
    newest = sorted(sandbox.truth(state="live"), key=lambda one: one["created_at"])[-600:]
    mirror(services, [one["id"] for one in newest])
    with services.sessions.begin() as session:
        session.add(ExportWalk(name="tickets", cursor="x", ended_at=now()))


@pytest.fixture
def visitor(desk: None, signed_in: SignIn) -> FlaskClient:
    return signed_in(Role.INSIGHTS)


def month(back: int) -> tuple[int, int]:
    """The year and month so many months ago."""
    index = now().year * 12 + now().month - 1 - back
    return index // 12, index % 12 + 1


def in_words(back: int) -> str:
    return month_in_words(date(*month(back), 1))


def choice(metric: str, first: int, last: int) -> dict[str, Any]:
    """The form, with months counted back from this one."""
    (year, one), (last_year, last_one) = month(first), month(last)
    return {"metric": metric, "first-month": one, "first-year": year, "last-month": last_one, "last-year": last_year}


def visit(client: FlaskClient, form: dict[str, Any] | None = None, status: int = 200) -> Element:
    answer = client.get("/insights", query_string=form or {})
    assert answer.status_code == status, answer.text
    return read(answer.text)


def cells(client: FlaskClient, metric: str, first: int, last: int) -> list[dict[str, Any]]:
    """What the API says."""
    months = [f"{year}-{one:02}" for year, one in (month(first), month(last))]
    answer = client.get(f"{API}/{metric}", query_string={"from": months[0], "to": months[1]})
    assert answer.status_code == 200, answer.text
    return list(answer.json["cells"])


def numbers(table: Element) -> list[Any]:
    """What stands in the cells: numbers as programs read them, signs as they are."""
    found: list[Any] = []
    for cell in table.all("td", "govuk-table__cell"):
        exact = cell.all("data")
        found += [int(one.attributes["value"]) for one in exact] or [_plain(cell.text)]
    return found


def _plain(text: str) -> Any:
    return int(text.replace(",", "")) if text.replace(",", "").isdigit() else {"–": None}.get(text, text)


@pytest.mark.parametrize("metric", METRICS)
def test_the_table_says_what_the_api_says_and_nothing_more(metric: str, visitor: FlaskClient) -> None:
    _, table = visit(visitor, choice(metric, 11, 0)).all("table")
    said = cells(visitor, metric, 11, 0)
    if METRICS[metric].is_counted:
        assert numbers(table) == [cell["value"] for cell in said]
    else:
        assert numbers(table) == [number for cell in said for number in (cell["median"], cell["p90"], cell["n"])]
    assert len(table.all("th")) == 12 + 1 + (3 if METRICS[metric].is_counted else 3 + 9)


def test_the_overview_is_each_metric_in_the_newest_two_complete_months_as_the_api_has_them(
    visitor: FlaskClient,
) -> None:
    overview, _ = visit(visitor).all("table")
    rows = overview.all("tr")[1:]
    assert [row.all("th")[0].text.partition(",")[0] for row in rows] == [METRICS[name].title for name in SHOWN]
    for name, row in zip(SHOWN, rows, strict=True):
        which = "value" if METRICS[name].is_counted else "median"
        said = [cell[which] for cell in cells(visitor, name, 2, 1)]
        words = [value_in_words(value, METRICS[name]) for value in said]
        shown = [[part.text for part in cell.all("span")] for cell in row.all("td")]
        assert [newest for newest, _ in shown] == words[3:]
        assert [before.partition(": ")[2] for _, before in shown] == words[:3]


def test_where_everything_is_suppressed_no_number_is_in_the_page_nor_in_its_charts(
    desk: None, another_app: Callable[..., Flask]
) -> None:
    app = another_app(INSIGHTS_SUPPRESSION_THRESHOLD="100000")
    client = signed_in_to(app)
    for metric in METRICS:
        page = visit(client, choice(metric, 11, 0))
        assert {one.attributes["value"] for one in page.all("data")} <= {"0"}
        assert {text for text in numbers(page.all("table")[1]) if text is not None} <= {0, "c"}
        for chart in page.all("svg"):
            titles = [one.text for one in chart.all("desc")]
            assert all("suppressed" in title or "from 0 in" in title for title in titles)
            points = [point for path in chart.all("polyline") for point in path.attributes["points"].split()]
            assert {point.rpartition(",")[2] for point in points} <= {str(frame.foot) for frame in (WIDE, NARROW)}


def signed_in_to(app: Flask) -> FlaskClient:
    with app.extensions["support_bridge"].sessions.begin() as session:
        grants.grant(session, "test-subject", Role.INSIGHTS, now())
        key = staff_sessions.begin(session, "test-subject", now())
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["key"] = key
    return client


def test_every_number_of_a_count_is_a_point_of_its_chart_and_every_suppressed_one_a_sign(
    visitor: FlaskClient,
) -> None:
    page = visit(visitor, choice("backlog", 11, 0))
    wide, narrow = [svg for svg in page.all("svg") if svg.attributes.get("role") == "img"]
    said = [cell["value"] for cell in cells(visitor, "backlog", 11, 0)]
    for chart in (wide, narrow):
        signs = [text.text for text in chart.all("text", "sb-chart__sign")]
        assert signs == ["c"] * said.count("c")
    joined = sum(len(path.attributes["points"].split()) for path in wide.all("polyline"))
    assert 0 < joined <= sum(isinstance(value, int) for value in said)


def test_a_chart_tells_in_words_what_is_to_be_seen(visitor: FlaskClient) -> None:
    for metric, form in (("created", choice("created", 11, 1)), ("first_reply", choice("first_reply", 1, 1))):
        charts = [svg for svg in visit(visitor, form).all("svg") if svg.attributes.get("role") == "img"]
        assert charts
        for chart in charts:
            named = [chart.by_id(one).text for one in chart.attributes["aria-labelledby"].split()]
            assert METRICS[metric].title in named[0]
            assert any(word in named[1] for word in ("from ", "median: "))


def test_waits_have_a_chart_for_each_service_and_services_without_numbers_are_named(visitor: FlaskClient) -> None:
    page = visit(visitor, choice("first_reply", 11, 1))
    said = cells(visitor, "first_reply", 11, 1)
    names = dict(zip(["manage-chat", "apply-support", "school-placements"], SERVICES, strict=True))
    drawn = [names[name] for name in names
             if any(isinstance(cell["median"], int) for cell in said if cell["service"] == name)]  # fmt: skip
    headings = [one.text for one in page.all("h3")]
    assert [name for name in headings if name in SERVICES] == drawn
    for name in set(SERVICES) - set(drawn):
        assert f"{name}: no numbers in these months" in page.text or f"{name}: suppressed in every" in page.text


def test_by_default_only_complete_months_are_shown_and_this_one_is_marked_when_it_is_asked_for(
    visitor: FlaskClient,
) -> None:
    page = visit(visitor)
    last = page.all("table")[1].rows()[-1][0]
    assert last == in_words(1)
    assert "not complete" not in page.text
    page = visit(visitor, choice("created", 3, 0))
    assert page.all("table")[1].rows()[-1][0].endswith("not complete")
    assert "is not complete: its numbers will change" in page.text
    assert [one for one in page.all("circle") if one.attributes["fill"] == "none"]


def test_a_month_of_which_not_everything_was_heard_is_not_complete(
    visitor: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    year, one = month(2)
    long_ago = datetime(year, one, 15, tzinfo=UTC)
    with sessions.begin() as session:
        record(session, Heard("test", 1001), long_ago)
    page = visit(visitor)
    assert f"{long_ago.day} {long_ago:%B %Y, %H:%M} UTC" in page.text
    assert page.all("table")[1].rows()[-1][0] == in_words(3)
    assert "% of the tickets are up to date" in page.text


def test_before_anything_was_heard_the_page_says_so(signed_in: SignIn) -> None:
    page = visit(signed_in(Role.INSIGHTS))
    assert "Nothing was heard from Zendesk yet" in page.text
    assert set(numbers(page.all("table")[1])) == {0}


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"first-month": "13", "first-year": "2026"}, "first-month", "real month"),
        ({"last-month": "1", "last-year": "2999"}, "last-month", "or earlier"),
        ({"first-year": "2026"}, "first-month", "must include a month"),
        ({"last-month": "1"}, "last-year", "must include a year"),
        ({"metric": "creatd"}, "metric", "Select"),
    ],
)
def test_wrong_months_are_told_at_their_fields_and_what_was_typed_stays(
    form: dict[str, str], field: str, words: str, signed_in: SignIn
) -> None:
    page = visit(signed_in(Role.INSIGHTS), form, status=400)
    (link,) = page.all("div", "govuk-error-summary")[0].all("a")
    assert words in link.text
    assert link.attributes["href"] == f"#{field}"
    assert page.by_id(field).tag in ("input", "select")
    assert page.all("title")[0].text.startswith("Error: ")
    assert link.text in [one.text.removeprefix("Error: ") for one in page.all("p", "govuk-error-message")]
    for name, value in form.items():
        if name != "metric":
            assert page.by_id(name).attributes["value"] == value
    assert len(page.all("table")) == 1


def test_what_is_typed_never_becomes_part_of_the_page(signed_in: SignIn) -> None:
    typed = '"><script>alert(1)</script>'
    form = {"metric": typed, "first-month": typed, "first-year": typed}
    answer = signed_in(Role.INSIGHTS).get("/insights", query_string=form)
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text


def test_the_link_to_json_leads_to_the_same_numbers(visitor: FlaskClient) -> None:
    page = visit(visitor, choice("solved", 4, 2))
    (link,) = [one for one in page.all("a") if "JSON" in one.text]
    answer = visitor.get(link.attributes["href"])
    assert numbers(page.all("table")[1]) == [cell["value"] for cell in answer.json["cells"]]


def test_who_is_not_signed_in_is_sent_to_sign_in_and_who_has_another_role_is_refused(
    client: FlaskClient, signed_in: SignIn
) -> None:
    answer = client.get("/insights?metric=solved")
    assert answer.status_code == 302
    assert answer.location == "/auth/dfe?next=%2Finsights%3Fmetric%3Dsolved"
    assert signed_in(*(set(Role) - {Role.INSIGHTS})).get("/insights").status_code == 403


def test_the_page_holds_nothing_that_its_policy_would_block(visitor: FlaskClient) -> None:
    for metric, first in (("created", 11), ("first_reply", 11), ("full_resolution", 1)):
        page = visit(visitor, choice(metric, first, 1))
        assert page.all("svg")
        assert inline(page) == []


def test_tables_have_captions_and_headers_with_a_scope_and_can_be_reached_by_keyboard(visitor: FlaskClient) -> None:
    page = visit(visitor, choice("first_reply", 11, 1))
    for table in page.all("table"):
        assert table.all("caption")
        assert all(head.attributes["scope"] in ("col", "row", "colgroup") for head in table.all("th"))
    for region in page.all("div", "sb-scroll"):
        assert region.attributes["tabindex"] == "0"
        assert page.by_id(region.attributes["aria-labelledby"]).text


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(*about: Any) -> None:
        sent.append(about[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_page_asks_the_database_a_few_things_however_many_months_it_shows(visitor: FlaskClient, app: Flask) -> None:
    asked = []
    for first in (1, 11, 200):
        with counted(app.extensions["support_bridge"].engine) as sent:
            visit(visitor, choice("created", first, 1))
        asked.append(len(sent))
    assert asked[0] == asked[1] == asked[2] <= 16


def test_nothing_is_asked_of_any_service_to_show_the_page(visitor: FlaskClient, sandbox: Sandbox) -> None:
    before = sandbox.last()
    visit(visitor)
    assert sandbox.log(after=before) == []
