"""The sidebar as an agent meets it in Zendesk: opened, asked, read, copied, added to the ticket."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, text

from tests.browser.conftest import Site
from tests.browser.desk import PURPOSE, Desk
from tests.conftest import Sandbox

TICKET, CLOSED, REMOVED, TYPED, NUMBER = 1042, 1043, 1046, 1048, 1050
ADD = "Add to ticket as an internal note"
ADDED = "Added to the ticket as an internal note."
Rows = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def desk(page: Page, sandbox: Sandbox) -> Desk:
    return Desk(page, sandbox)


@pytest.fixture
def rows(site: Site) -> Rows:
    """What the service's database says."""

    def ask(query: str) -> list[tuple[object, ...]]:
        engine = create_engine(site.database_url)
        with engine.begin() as connection:
            found = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return found

    return ask


def test_opened_it_knows_what_the_fields_say_and_has_asked_nobody(desk: Desk, rows: Rows, sandbox: Sandbox) -> None:
    before = rows("SELECT count(*) FROM look_up")
    sidebar = desk.open(TICKET)
    expect(sidebar.get_by_label("Provider")).to_have_value("1TZ")
    expect(sidebar.get_by_label("Candidate id")).to_have_value("C1234")
    expect(sidebar.get_by_label("What you need it for")).to_have_value("")
    assert desk.calls() == []
    assert rows("SELECT count(*) FROM look_up") == before
    assert personal(sidebar.locator("body").inner_html(), sandbox) == []


def test_a_purpose_that_the_ticket_names_is_filled_in_too(desk: Desk) -> None:
    expect(desk.open(TYPED).get_by_label("What you need it for")).to_have_value("answer_query")


def test_asked_it_shows_both_and_only_what_was_asked_for_was_fetched(desk: Desk, sandbox: Sandbox) -> None:
    sidebar = desk.ask(provider="C42", candidate="C1301")
    expect(sidebar.get_by_role("heading", level=1)).to_have_text(f"Looked up for ticket {TICKET}")
    expect(sidebar.get_by_role("heading", level=1)).to_be_focused()
    expect(sidebar.get_by_text("Provider code").locator("..")).to_contain_text("C42")
    expect(sidebar.get_by_role("heading", name="Candidate C1301")).to_be_visible()
    expect(sidebar.locator("footer")).to_contain_text("Looked up on")
    named = [call for call in desk.calls() if not call.startswith("timetables")]  # which name nobody, and are kept
    assert named == ["apply /candidates/C1301", "publish /providers/C42", "publish /providers/C42/courses"]
    assert personal(sidebar.locator("body").inner_html(), sandbox) == []


def test_asked_for_a_candidate_alone_publish_is_left_alone(desk: Desk) -> None:
    sidebar = desk.ask(provider="", candidate="c1302")
    expect(sidebar.get_by_role("heading", name="Candidate C1302")).to_be_visible()
    assert [call for call in desk.calls() if call.startswith("publish")] == []


def test_the_look_up_is_recorded_with_its_purpose_and_without_a_value(desk: Desk, rows: Rows) -> None:
    desk.ask(agent=510, provider="D88", candidate="C1303")
    expect(desk.sidebar.get_by_role("heading", level=1)).to_contain_text("Looked up")
    query = "SELECT ticket_id, purpose, provider, candidate, way, outcome, note FROM look_up WHERE agent_id = 510"
    assert rows(query) == [(TICKET, PURPOSE, "D88", "C1303", "sidebar", "shown", "not_asked")]


def test_without_a_purpose_or_anything_to_look_up_it_says_what_is_missing(desk: Desk) -> None:
    sidebar = desk.ask(provider="", candidate="", purpose="")
    expect(sidebar.get_by_role("alert")).to_be_focused()
    faults = sidebar.get_by_role("alert").get_by_role("link")
    expect(faults).to_have_count(2)
    faults.last.click()
    expect(sidebar.get_by_label("What you need it for")).to_be_focused()
    assert desk.calls() == []


def test_the_context_can_be_copied_in_a_frame_that_may_not_write_to_the_clipboard(desk: Desk) -> None:
    sidebar = desk.ask(provider="E17", candidate="")
    sidebar.get_by_role("button", name="Copy").click()
    expect(sidebar.get_by_role("status")).to_have_text("Copied")
    field = desk.page.get_by_label("Candidate id")
    field.fill("")
    field.focus()
    desk.page.keyboard.press("ControlOrMeta+V")
    expect(field).to_have_value(re.compile("Provider E17"))


def test_it_is_added_to_the_ticket_once_as_an_internal_note(desk: Desk) -> None:
    sidebar = desk.ask(TICKET)
    sidebar.get_by_role("button", name=ADD).click()
    expect(sidebar.get_by_text(ADDED)).to_be_visible()
    desk.page.get_by_role("button", name="Look for new comments").click()
    note = desk.page.get_by_role("article", name="Internal note").filter(has_text="Support Bridge")
    expect(note).to_contain_text("1TZ")
    expect(note).to_contain_text("C1234")
    sidebar = desk.ask(TICKET)
    sidebar.get_by_role("button", name=ADD).click()
    expect(sidebar.get_by_text("already has this note")).to_be_visible()
    assert [is_public for _, is_public in desk.notes(TICKET)] == [False]


def test_a_closed_ticket_is_shown_the_context_but_not_offered_a_note(desk: Desk) -> None:
    sidebar = desk.ask(CLOSED, provider="1TZ")
    expect(sidebar.get_by_role("heading", name="North Campus")).to_be_visible()
    expect(sidebar.get_by_text("closed tickets take no notes")).to_be_visible()
    expect(sidebar.get_by_role("button", name=ADD)).to_have_count(0)


def test_a_name_that_fits_several_providers_asks_which_was_meant(desk: Desk) -> None:
    sidebar = desk.ask(provider="Sandbox SCITT", candidate="")
    expect(sidebar.get_by_role("heading", name="Which provider did you mean?")).to_be_visible()
    offered = sidebar.get_by_role("list").get_by_role("button")
    assert offered.count() > 1
    code = offered.nth(1).inner_text().split()[-1]
    offered.nth(1).click()
    expect(sidebar.get_by_text("Provider code").locator("..")).to_contain_text(code)


def test_a_code_that_is_not_there_is_said_to_be_so(desk: Desk) -> None:
    sidebar = desk.ask(provider="Z99", candidate="")
    expect(sidebar.get_by_text("Publish has no such provider in this cycle").first).to_be_visible()
    expect(sidebar.get_by_role("button", name=ADD)).to_have_count(0)


def test_an_application_that_was_removed_is_said_to_be_and_nothing_more(desk: Desk) -> None:
    sidebar = desk.ask(REMOVED)
    expect(sidebar.get_by_text("Application removed.")).to_be_visible()
    expect(sidebar.locator("main")).not_to_contain_text("Form ")


def test_of_an_applications_number_it_says_where_that_can_be_looked_up(desk: Desk) -> None:
    sidebar = desk.ask(NUMBER)
    expect(sidebar.get_by_role("link", name="Application 12340 in Apply")).to_have_attribute(
        "href", re.compile("^https://www.apply-for-teacher-training.service.gov.uk/support/")
    )
    assert [call for call in desk.calls() if call.startswith("apply /candidates")] == []


def test_a_new_look_up_begins_with_what_was_typed(desk: Desk) -> None:
    sidebar = desk.ask(provider="G42", candidate="")
    sidebar.get_by_role("button", name="New look-up").click()
    expect(sidebar.get_by_label("Provider")).to_have_value("G42")
    sidebar.get_by_label("Provider").fill("G88")
    sidebar.get_by_role("button", name="Look up", exact=True).click()
    expect(sidebar.get_by_text("Provider code").locator("..")).to_contain_text("G88")


def test_what_the_sources_say_is_shown_as_text_whatever_it_is(desk: Desk) -> None:
    sidebar = desk.ask(provider="X66", candidate="C6666")
    expect(sidebar.get_by_role("heading", name="Candidate C6666")).to_be_visible()
    expect(sidebar.locator("main script, main img, main svg")).to_have_count(0)


def test_by_keyboard_alone_somebody_asks_and_adds_a_note(desk: Desk) -> None:
    number = desk.sandbox.control("POST", "tickets", {"channel": "chat"})["id"]
    sidebar = desk.open(number)
    keyboard = desk.page.keyboard
    desk.page.get_by_label("Width of the sidebar").focus()
    keyboard.press("Tab")  # into the frame
    keyboard.type("H17")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.type(PURPOSE)
    keyboard.press("Enter")
    expect(sidebar.get_by_role("heading", level=1)).to_be_focused()
    add = sidebar.get_by_role("button", name=ADD)
    for _ in range(20):
        keyboard.press("Tab")
        if add.evaluate("button => button === document.activeElement"):
            break
    keyboard.press("Enter")
    expect(sidebar.get_by_text(ADDED)).to_be_visible()
    assert len(desk.notes(number)) == 1


def test_pressed_twice_it_asks_once(desk: Desk, rows: Rows) -> None:
    desk.sandbox.control("POST", "faults", {"method": "GET", "path_prefix": "/publish/", "slow_seconds": 1, "times": 2})
    sidebar = desk.open()
    sidebar.get_by_label("Provider").fill("L17")
    sidebar.get_by_label("What you need it for").fill("pressed twice")
    button = sidebar.get_by_role("button", name="Look up", exact=True)
    button.evaluate("button => { button.click(); setTimeout(() => button.click(), 300) }")  # while it is being answered
    expect(sidebar.get_by_role("heading", level=1)).to_contain_text("Looked up")
    assert rows("SELECT count(*) FROM look_up WHERE purpose = 'pressed twice'") == [(1,)]


def personal(shown: str, sandbox: Sandbox) -> list[str]:
    """The marks of the sandbox's people that are in it."""
    return [mark for mark in sandbox.control("GET", "markers")["markers"] if mark.lower() in shown.lower()]
