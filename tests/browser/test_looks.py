"""Every page for everybody: axe finds nothing serious, nothing is cut off when enlarged, and it prints."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import axe

SignIn = Callable[..., None]
PAGES = {
    "start, nobody": ("", "/"),
    "start, a newcomer": ("nobody", "/"),
    "start, several roles": ("several", "/"),
    "privacy": ("", "/privacy"),
    "signed out": ("", "/auth/dfe/signed-out"),
    "insights, counts": ("insights", "/insights?metric=created"),
    "insights, minutes": ("insights", "/insights?metric=first_reply"),
    "insights, wrong": ("insights", "/insights?from-month=13&from-year=2026&to-month=1&to-year=2026"),
    "holds": ("retention", "/holds"),
    "look-ups": ("auditor", "/context/lookups"),
    "the API": ("insights", "/api/docs"),
    "not found": ("", "/nowhere"),
    "refused": ("agent", "/insights"),
}
each_page = pytest.mark.parametrize(("who", "path"), PAGES.values(), ids=PAGES.keys())


def show(page: Page, sign_in: SignIn, who: str, path: str) -> None:
    if who:
        sign_in(page, who)
    page.goto(path)


@each_page
def test_axe_finds_nothing_serious(who: str, path: str, page: Page, sign_in: SignIn) -> None:
    show(page, sign_in, who, path)
    assert axe(page) == []


@each_page
@pytest.mark.parametrize("width", [640, 320], ids=["at 200 %", "on a telephone"])
def test_nothing_is_cut_off_or_scrolls_sideways(width: int, who: str, path: str, page: Page, sign_in: SignIn) -> None:
    # A window of 1,280 pixels at 200 % has the room of 640 (WCAG 2.2, 1.4.4 and 1.4.10).
    page.set_viewport_size({"width": width, "height": 512})
    show(page, sign_in, who, path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe(page) == []


@each_page
def test_in_print_there_is_the_content_and_no_button(who: str, path: str, page: Page, sign_in: SignIn) -> None:
    show(page, sign_in, who, path)
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.locator("nav:visible, button:visible, .govuk-skip-link:visible").count() == 0


def test_in_forced_colours_the_chart_can_still_be_told_from_its_ground(page: Page, sign_in: SignIn) -> None:
    page.emulate_media(forced_colors="active")
    show(page, sign_in, "insights", "/insights?metric=created")
    assert page.get_by_role("img").first.is_visible()
    assert axe(page) == []
