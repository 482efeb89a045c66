"""Every page of the sidebar for everybody: as narrow as Zendesk makes it, enlarged, by axe."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.axe import axe
from tests.browser.desk import Desk
from tests.conftest import Sandbox

Show = Callable[[Desk], None]
LONG = "a purpose that says at length and in many words what the look-up is for, and goes on " * 2


def form(desk: Desk) -> None:
    desk.open()


def form_with_faults(desk: Desk) -> None:
    desk.ask(provider="", candidate="nobody", purpose="")
    expect(desk.sidebar.get_by_role("alert")).to_be_visible()


def context(desk: Desk) -> None:
    desk.ask(provider="P17", candidate="C1234", purpose=LONG)
    expect(desk.sidebar.get_by_role("heading", name="Candidate C1234")).to_be_visible()
    for part in desk.sidebar.locator("summary").all():
        part.click()


def hostile(desk: Desk) -> None:
    desk.ask(provider="X66", candidate="C6666")
    expect(desk.sidebar.get_by_role("heading", name="Candidate C6666")).to_be_visible()


def noted(desk: Desk) -> None:
    desk.ask(desk.sandbox.control("POST", "tickets", {"channel": "chat"})["id"], provider="P42")
    desk.sidebar.get_by_role("button", name="Add to ticket").click()
    expect(desk.sidebar.get_by_text("Added to the ticket")).to_be_visible()


def closed(desk: Desk) -> None:
    desk.ask(1043, provider="P17")
    expect(desk.sidebar.get_by_text("closed tickets take no notes")).to_be_visible()


def which_provider(desk: Desk) -> None:
    desk.ask(provider="Sandbox School Alliance", candidate="")
    expect(desk.sidebar.get_by_role("heading", name="Which provider")).to_be_visible()


def removed(desk: Desk) -> None:
    desk.ask(1046)
    expect(desk.sidebar.get_by_text("Application removed.")).to_be_visible()


def source_away(desk: Desk) -> None:
    desk.sandbox.fail("GET", "/apply/", 503, times=100)
    desk.ask(provider="P88")
    expect(desk.sidebar.get_by_role("button", name="Try again")).to_be_visible()


def refused(desk: Desk) -> None:
    desk.ask(1041, agent=503, provider="P17")
    expect(desk.sidebar.get_by_role("heading", name="You cannot look this up")).to_be_visible()


def not_opened(desk: Desk) -> None:
    desk.sandbox.control("PUT", "app", {"wrong": "expired"})
    desk.page.goto(f"{desk.sandbox.url}/agent/tickets/1042")
    expect(desk.sidebar.get_by_role("heading", name="This could not be opened")).to_be_visible()


SHOWN = (form, form_with_faults, context, hostile, noted, closed, which_provider, removed, source_away, refused,
         not_opened)  # fmt: skip
each_page = pytest.mark.parametrize("show", SHOWN, ids=[show.__name__ for show in SHOWN])


@pytest.fixture
def desk(page: Page, sandbox: Sandbox) -> Iterator[Desk]:
    yield Desk(page, sandbox)
    sandbox.control("DELETE", "faults")
    sandbox.control("PUT", "app", {"wrong": ""})


@each_page
def test_at_every_width_and_enlarged_nothing_is_cut_off_and_axe_finds_nothing_serious(desk: Desk, show: Show) -> None:
    show(desk)
    for width in (320, 480, 720):
        desk.widen(width)
        assert sideways(desk.frame) == 0, f"at {width} pixels"
        assert axe(desk.frame) == [], f"at {width} pixels"
    # At 200 %, a sidebar of 640 pixels has the room of 320, and one of 480 that of 240.
    for width in (640, 480):
        desk.widen(width)
        desk.frame.evaluate("document.documentElement.style.zoom = 2")
        assert sideways(desk.frame) == 0, f"at {width} pixels and 200 %"
    assert axe(desk.frame) == []


@each_page
def test_the_frame_is_as_high_as_what_is_in_it(desk: Desk, show: Show) -> None:
    show(desk)
    desk.frame.wait_for_function("document.documentElement.scrollHeight <= innerHeight")
    desk.widen(720)
    desk.frame.wait_for_function("document.documentElement.scrollHeight <= innerHeight")


def sideways(frame: Frame) -> int:
    """How many pixels are out of sight to the right."""
    return int(frame.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
