"""What staff do in a browser: come in, are refused, leave, and lose nothing that they typed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text

from sandbox.sign_in.people import PEOPLE
from tests.browser.conftest import Site

SignIn = Callable[..., None]
REASON = "Complaint 2026-114: keep until it is answered"


def execute(site: Site, statement: str, **values: object) -> None:
    engine = create_engine(site.database_url)
    with engine.begin() as connection:
        connection.execute(text(statement), values)
    engine.dispose()


def let_pass(site: Site, time: timedelta) -> None:
    execute(site, "UPDATE staff_session SET seen_at = seen_at - :time", time=time)


def fill_in_a_hold(page: Page, ticket: str = "1042") -> None:
    page.get_by_label("Ticket number").fill(ticket)
    page.get_by_label("Why it must be left alone").fill(REASON)
    for part, value in (("Day", "1"), ("Month", "3"), ("Year", "2027")):
        page.get_by_label(part, exact=True).fill(value)


def test_somebody_signs_in_with_one_click_and_sees_who_they_are_and_what_is_theirs(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Sign in with DfE Sign-in").click()
    page.get_by_role("button", name=PEOPLE["insights"].label).click()
    expect(page.get_by_text(str(PEOPLE["insights"].claims["name"]))).to_be_visible()
    navigation = page.get_by_role("navigation", name="Menu").get_by_role("link")
    assert navigation.all_inner_texts() == ["Insights"]
    navigation.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Insights")


def test_a_page_that_needs_signing_in_is_shown_after_it(page: Page, sign_in: SignIn, site: Site) -> None:
    page.goto("/insights?metric=solved")
    page.get_by_role("button", name=PEOPLE["insights"].label).click()
    page.wait_for_url(f"{site.url}/insights?metric=solved")
    expect(page.get_by_role("heading", level=1)).to_have_text("Insights")


def test_somebody_without_the_role_is_told_whom_to_ask(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agent")
    answer = page.goto("/insights")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_contain_text("You do not have permission")
    expect(page.locator("main")).to_contain_text(answer.headers["x-request-id"])
    expect(page.get_by_text("ask the team", exact=False)).to_be_visible()


def test_a_newcomer_sees_the_id_to_pass_on(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "nobody")
    expect(page.get_by_text(PEOPLE["nobody"].subject)).to_be_visible()


def test_signing_out_leaves_nothing_behind_not_even_by_going_back(page: Page, sign_in: SignIn, site: Site) -> None:
    sign_in(page, "insights", "/insights")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: url.startswith(f"{site.url}/auth/dfe/signed-out"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("signed out")
    page.go_back()
    page.wait_for_load_state()
    expect(page.get_by_role("table")).to_have_count(0)
    page.goto("/")
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()


def test_an_idle_session_ends_and_one_click_brings_the_page_back(page: Page, sign_in: SignIn, site: Site) -> None:
    sign_in(page, "insights", "/insights")
    let_pass(site, timedelta(hours=2, minutes=1))
    page.reload()
    page.get_by_role("button", name=PEOPLE["insights"].label).click()
    page.wait_for_url(f"{site.url}/insights")


def test_a_hold_is_placed_seen_and_released(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "rights", "/holds")
    fill_in_a_hold(page)
    page.get_by_role("button", name="Place hold").click()
    expect(page.get_by_role("alert")).to_contain_text("1042")
    row = page.get_by_role("row").filter(has_text=REASON)
    expect(row).to_contain_text("by you")
    row.get_by_role("link", name="Release").click()
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_role("row").filter(has_text=REASON)).to_have_count(0)


def test_a_wrong_answer_is_named_and_what_was_typed_stays(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "retention", "/holds")
    fill_in_a_hold(page, ticket="the first one")
    page.get_by_role("button", name="Place hold").click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error: ")
    expect(page.get_by_label("Why it must be left alone")).to_have_value(REASON)
    expect(page.get_by_label("Ticket number")).to_have_value("the first one")
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Ticket number")).to_be_focused()


def test_a_session_that_ends_in_mid_form_loses_nothing_that_was_typed(page: Page, sign_in: SignIn, site: Site) -> None:
    sign_in(page, "retention", "/holds")
    fill_in_a_hold(page, ticket="1043")
    let_pass(site, timedelta(hours=2, minutes=1))
    page.get_by_role("button", name="Place hold").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Not sent yet")
    expect(page.get_by_text(REASON)).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again").click()
    other = opened.value
    other.get_by_role("button", name=PEOPLE["retention"].label).click()
    other.wait_for_url(f"{site.url}/")
    page.get_by_role("button", name="Send what I typed").click()
    expect(page.get_by_role("row").filter(has_text=REASON)).to_contain_text("1043")


def test_a_form_whose_browser_forgot_the_session_loses_nothing_either(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "retention", "/holds")
    fill_in_a_hold(page, ticket="1044")
    page.context.clear_cookies()
    page.get_by_role("button", name="Place hold").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Not sent yet")
    expect(page.get_by_text(REASON)).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again").click()
    opened.value.get_by_role("button", name=PEOPLE["retention"].label).click()
    opened.value.wait_for_url("**/")
    page.get_by_role("button", name="Send what I typed").click()
    if page.get_by_role("heading", level=1).inner_text() == "Not sent yet":  # its key is of the session before
        page.get_by_role("button", name="Send what I typed").click()
    expect(page.get_by_role("row").filter(has_text="1044")).to_contain_text(REASON)


def test_another_sites_form_neither_does_anything_nor_is_shown(page: Page, sign_in: SignIn, site: Site) -> None:
    sign_in(page, "retention", "/holds")
    # From the provider's page, which stands for any other site: another origin, with our cookie at hand.
    page.goto(site.issuer)
    page.set_content(
        f"<form method=post action='{site.url}/holds'><input name=ticket value=1045>"
        "<input name=reason value='words of another site'><button>Go</button></form>"
    )
    page.get_by_role("button", name="Go").click()
    page.wait_for_url(f"{site.url}/holds")
    expect(page.locator("body")).not_to_contain_text("words of another site")
    page.goto("/holds")
    expect(page.locator("body")).not_to_contain_text("1045")


@pytest.fixture
def plain(browser: Browser, site: Site) -> Page:
    return browser.new_context(base_url=site.url, java_script_enabled=False).new_page()


def test_without_scripts_everything_is_there(plain: Page, sign_in: SignIn, site: Site) -> None:
    sign_in(plain, "several", "/insights")
    expect(plain.get_by_role("table").last).to_be_visible()
    expect(plain.get_by_role("img").first).to_be_visible()
    plain.get_by_role("link", name="Holds").first.click()
    fill_in_a_hold(plain, ticket="1046")
    plain.get_by_role("button", name="Place hold").click()
    expect(plain.get_by_role("row").filter(has_text="1046")).to_contain_text(REASON)
    plain.get_by_role("button", name="Sign out").click()
    plain.wait_for_url(lambda url: url.startswith(f"{site.url}/auth/dfe/signed-out"))
    plain.context.close()


def test_by_keyboard_alone_somebody_gets_past_the_head_and_sees_where_they_are(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "insights", "/insights")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    outline = page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement);"
        " return s.outlineStyle !== 'none' || s.boxShadow !== 'none' })()"
    )
    assert outline, "where the focus is can be seen"
