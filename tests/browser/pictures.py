"""The pictures of the README and of the guide for agents: `make pictures` takes them anew, of the pages as they are."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.test_journeys import fill_in_a_hold
from tests.conftest import Sandbox

PICTURES = Path("docs/pictures")
SHOWN = {
    "start": ("several", "/", {"width": 1080, "height": 620}),
    "insights": ("insights", "/insights?metric=first_reply", {"width": 1080, "height": 1180}),
    "holds": ("retention", "/holds", {"width": 1080, "height": 1000}),
    "api": ("insights", "/api/docs", {"width": 1080, "height": 900}),
}


@pytest.mark.parametrize("name", SHOWN)
def test_take(name: str, page: Page, sign_in: Callable[..., None]) -> None:
    who, path, size = SHOWN[name]
    page.set_viewport_size(size)
    if name == "holds":
        sign_in(page, "rights", path)
        fill_in_a_hold(page)
        page.get_by_role("button", name="Place hold").click()
    sign_in(page, who, path)
    page.screenshot(path=PICTURES / f"{name}.png")


@pytest.fixture
def desk(page: Page, sandbox: Sandbox) -> Desk:
    page.set_viewport_size({"width": 1080, "height": 760})
    return Desk(page, sandbox)


def take(desk: Desk, name: str, what: str = "#app") -> None:
    """The sidebar alone, once it is as high as its page."""
    desk.widen(380)
    desk.frame.wait_for_function("document.documentElement.scrollHeight <= innerHeight")
    desk.page.evaluate("document.activeElement.blur()")
    desk.page.locator(what).screenshot(path=PICTURES / f"sidebar-{name}.png", animations="disabled")


def test_take_the_sidebar_opened(desk: Desk) -> None:
    desk.open()
    take(desk, "opened", "body")


def test_take_the_sidebars_answer_and_the_note(desk: Desk) -> None:
    sidebar = desk.ask()
    expect(sidebar.get_by_role("heading", level=1)).to_contain_text("Looked up")
    take(desk, "context")
    sidebar.get_by_role("button", name="Add to ticket").click()
    expect(sidebar.get_by_text("Added to the ticket")).to_be_visible()
    desk.page.get_by_role("button", name="Look for new comments").click()
    note = desk.page.get_by_role("article", name="Internal note")
    note.screenshot(path=PICTURES / "sidebar-note.png")


def test_take_the_sidebars_question_which_provider(desk: Desk) -> None:
    sidebar = desk.ask(provider="School Alliance", candidate="")
    expect(sidebar.get_by_role("heading", name="Which provider")).to_be_visible()
    take(desk, "which")


def test_take_the_sidebar_with_a_source_away(desk: Desk) -> None:
    desk.sandbox.fail("GET", "/apply/candidate-api", 503, times=100)
    sidebar = desk.ask(provider="B17")
    expect(sidebar.get_by_role("button", name="Try again")).to_be_visible()
    take(desk, "away")
    desk.sandbox.control("DELETE", "faults")
