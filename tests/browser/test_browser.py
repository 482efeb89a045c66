"""The browser tests' own parts: that they see what they are there to see."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.sign_in.people import PEOPLE
from tests.browser import chromium
from tests.browser.axe import axe
from tests.browser.conftest import Site
from tests.browser.watching import Watch


@pytest.fixture
def unwatched(browser: Browser, site: Site) -> Iterator[tuple[Page, Watch]]:
    """A page in which things may go wrong, and what was noticed."""
    context = browser.new_context(base_url=site.url)
    watch = Watch(context)
    yield context.new_page(), watch
    context.close()


def test_the_service_answers_a_browser(page: Page) -> None:
    answer = page.goto("/ping")
    assert answer is not None
    assert (answer.status, page.inner_text("body")) == (200, "PONG")


def test_the_sign_in_page_shows_who_is_who_and_nothing_is_wrong_with_it(page: Page, site: Site) -> None:
    page.goto("/auth/dfe")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in as")
    buttons = page.get_by_role("button").all_inner_texts()
    assert buttons == [*(person.label for person in PEOPLE.values()), "Cancel"]
    assert axe(page) == []
    page.goto(site.issuer)
    assert axe(page) == []


def test_whoever_signs_in_arrives_where_they_meant_to_go(page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, "insights", "/privacy")
    expect(page.get_by_text(str(PEOPLE["insights"].claims["name"]))).to_be_visible()


def test_axe_says_what_is_wrong_with_a_page(page: Page) -> None:
    page.set_content("<html lang='en'><title>t</title><main><h1>t</h1><img src='data:,'><input></main></html>")
    rules = [fault.partition(" ")[0] for fault in axe(page)]
    assert {"image-alt", "label"} <= set(rules)


def test_axe_can_look_where_the_policy_lets_no_script_in(page: Page) -> None:
    page.goto("/ping")
    assert "script-src" in str(page.request.get("/ping").headers.get("content-security-policy"))
    assert [fault.partition(" ")[0] for fault in axe(page)] == ["document-title", "html-has-lang"]


def test_an_error_of_a_script_is_noticed(unwatched: tuple[Page, Watch], site: Site) -> None:
    page, watch = unwatched
    page.goto(site.issuer)
    assert watch.faults() == []
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('broken') })")
    with page.expect_console_message():
        page.evaluate("console.error('complained')")
    assert watch.faults() == ["script: broken", "console: complained"]


def test_what_the_policy_refuses_is_noticed(unwatched: tuple[Page, Watch]) -> None:
    page, watch = unwatched
    page.goto("/ping")
    with page.expect_console_message():
        page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'let a = 1'}))")
    (fault,) = watch.faults()
    assert "Content Security Policy" in fault


def test_a_part_of_a_page_that_cannot_be_had_is_noticed(unwatched: tuple[Page, Watch], site: Site) -> None:
    page, watch = unwatched
    page.goto(site.issuer)
    with page.expect_console_message():
        page.set_content(f"<img src='{site.issuer}/nowhere'>")
    with page.expect_event("requestfailed"):
        page.set_content("<img src='http://127.0.0.1:1/closed'>")
    assert any("404" in fault and "/nowhere" in fault for fault in watch.faults())
    assert any("127.0.0.1:1/closed" in fault for fault in watch.faults())


def test_a_page_that_is_refused_is_for_its_own_test_to_see(page: Page, site: Site) -> None:
    answer = page.goto(f"{site.issuer}/nowhere")
    assert answer is not None
    assert answer.status == 404


def test_without_a_browser_one_line_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHROMIUM_PATH", str(tmp_path / "none"))
    with pytest.raises(pytest.fail.Exception, match="CHROMIUM_PATH names no program"):
        chromium.path()
    monkeypatch.setenv("CHROMIUM_PATH", "/bin/sh")
    assert chromium.path() == "/bin/sh"
