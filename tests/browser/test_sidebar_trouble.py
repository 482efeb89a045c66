"""What an agent sees in the sidebar when something is wrong: what happened, what to do, and what is there anyway."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text

from support_bridge.context.sidebar import opening
from tests.browser.conftest import Site
from tests.browser.desk import Desk
from tests.conftest import Sandbox

PUBLISH, APPLY = "/publish/api/public/v1/recruitment_cycles", "/apply/candidate-api"
MANAGE_TICKET, APPLY_TICKET, PRIVATE_TICKET = 1042, 1041, 1038
GROUP_AGENT, LIGHT_AGENT, SUSPENDED_AGENT = 503, 505, 508
ORDINARY_AGENT, MEMBER = 501, 502  # of the private group
BUSY_AGENT = 509


@pytest.fixture
def desk(page: Page, sandbox: Sandbox) -> Iterator[Desk]:
    yield Desk(page, sandbox)
    sandbox.control("DELETE", "faults")
    sandbox.control("PUT", "app", {"wrong": ""})


def fault(sandbox: Sandbox, path_prefix: str, **how: object) -> None:
    sandbox.control("POST", "faults", {"method": "GET", "path_prefix": path_prefix, **how})


def test_a_source_that_fails_is_a_part_that_says_so_and_can_be_tried_again(desk: Desk, sandbox: Sandbox) -> None:
    fault(sandbox, PUBLISH, status=503, times=100)
    sidebar = desk.ask(provider="M17", candidate="C1310")
    expect(sidebar.get_by_role("heading", name="Candidate C1310")).to_be_visible()
    expect(sidebar.locator(".sb-note--bad")).to_contain_text("Publish")
    sandbox.control("DELETE", "faults")
    sidebar.get_by_role("button", name="Try again").click()
    expect(sidebar.get_by_text("Provider code").locator("..")).to_contain_text("M17")
    expect(sidebar.get_by_role("heading", name="Candidate C1310")).to_be_visible()
    expect(sidebar.get_by_role("button", name="Try again")).to_have_count(0)


def test_the_page_says_what_it_waits_for_and_a_source_that_is_too_slow_is_left_out(
    desk: Desk, sandbox: Sandbox
) -> None:
    fault(sandbox, APPLY, slow_seconds=60, times=100)
    sidebar = desk.ask(provider="M42", candidate="C1311")
    expect(sidebar.get_by_role("status")).to_have_text("Looking up…")
    expect(sidebar.get_by_text("Provider code").locator("..")).to_contain_text("M42")
    expect(sidebar.locator(".sb-note--bad")).to_contain_text("Apply")
    expect(sidebar.get_by_role("button", name="Try again")).to_be_visible()


def test_with_every_source_away_there_is_still_a_page(desk: Desk, sandbox: Sandbox) -> None:
    for path in ("/publish/", "/apply/"):
        fault(sandbox, path, cut="before", times=100)
    sidebar = desk.ask(provider="M88", candidate="C1312")
    expect(sidebar.locator(".sb-note--bad").first).to_be_visible()
    expect(sidebar.get_by_role("button", name="Try again")).to_be_visible()


def test_zendesk_away_is_said_and_can_be_tried_again(desk: Desk, sandbox: Sandbox) -> None:
    sidebar = desk.open()
    sidebar.get_by_label("What you need it for").fill("to see it fail")
    fault(sandbox, "/api/v2/", status=503, times=100)
    sidebar.get_by_role("button", name="Look up", exact=True).click()
    expect(sidebar.get_by_role("heading", name="It could not be looked up")).to_be_visible()
    sandbox.control("DELETE", "faults")
    sidebar.get_by_role("button", name="Try again").click()
    expect(sidebar.get_by_role("heading", level=1)).to_contain_text("Looked up")


@pytest.mark.parametrize(
    ("agent", "ticket"),
    [(GROUP_AGENT, APPLY_TICKET), (SUSPENDED_AGENT, MANAGE_TICKET), (ORDINARY_AGENT, PRIVATE_TICKET)],
)
def test_an_agent_who_could_not_open_the_ticket_is_shown_nothing(desk: Desk, agent: int, ticket: int) -> None:
    sidebar = desk.ask(ticket, agent, provider="N17")
    expect(sidebar.get_by_role("heading", name="You cannot look this up")).to_be_visible()
    assert desk.calls() == []


def test_a_ticket_of_another_service_is_refused(desk: Desk, sandbox: Sandbox) -> None:
    number = sandbox.control("POST", "tickets", {"brand": "Register trainee teachers"})["id"]
    sidebar = desk.ask(number, provider="N17")
    expect(sidebar.get_by_role("heading", name="You cannot look this up")).to_be_visible()
    assert desk.calls() == []


def test_another_ticket_than_the_one_that_is_open_is_judged_like_any(desk: Desk) -> None:
    # Whoever changes what the browser sends gains nothing: the server reads that ticket, and this agent.
    sidebar = desk.open(MANAGE_TICKET, GROUP_AGENT)
    sidebar.locator("#inside [name=ticket]").evaluate("(field, number) => { field.value = number }", str(APPLY_TICKET))
    sidebar.get_by_label("What you need it for").fill("to see another's")
    sidebar.get_by_role("button", name="Look up", exact=True).click()
    expect(sidebar.get_by_role("heading", name="You cannot look this up")).to_be_visible()
    assert desk.calls() == []


@pytest.mark.parametrize(("agent", "ticket"), [(LIGHT_AGENT, MANAGE_TICKET), (MEMBER, PRIVATE_TICKET)])
def test_whoever_may_open_the_ticket_may_ask(desk: Desk, agent: int, ticket: int) -> None:
    sidebar = desk.ask(ticket, agent, provider="N42", candidate="")
    expect(sidebar.get_by_text("Provider code").locator("..")).to_contain_text("N42")


def test_too_many_look_ups_are_refused_with_when_it_goes_on(desk: Desk, site: Site) -> None:
    make_look_ups(site, BUSY_AGENT, 60)
    sidebar = desk.ask(MANAGE_TICKET, BUSY_AGENT, provider="N88")
    expect(sidebar.get_by_role("heading", name="You have made many look-ups")).to_be_visible()
    expect(sidebar.get_by_text(re.compile("Try again in [0-9]+ minutes"))).to_be_visible()
    assert desk.calls() == []


def test_a_page_that_was_opened_an_hour_ago_says_so_and_asks_nobody(desk: Desk, site: Site) -> None:
    sidebar = desk.open()
    old = opening.give(site.stage.environ["SECRET_KEY"], 501, datetime.now(UTC) - timedelta(hours=1, seconds=1))
    sidebar.locator("#inside [name=opening]").evaluate("(field, old) => { field.value = old }", old)
    sidebar.get_by_label("What you need it for").fill("too late")
    sidebar.get_by_role("button", name="Look up", exact=True).click()
    expect(sidebar.get_by_role("heading", name="This was opened too long ago")).to_be_visible()
    assert desk.calls() == []


@pytest.mark.parametrize(
    "wrong", ["expired", "future", "audience", "issuer", "location", "nobody", "none", "HS256", "other_key"]
)
def test_what_zendesk_did_not_sign_for_this_opens_nothing(desk: Desk, sandbox: Sandbox, wrong: str) -> None:
    sandbox.control("PUT", "app", {"wrong": wrong})
    desk.page.goto(f"{sandbox.url}/agent/tickets/{MANAGE_TICKET}")
    expect(desk.sidebar.get_by_role("heading", name="This could not be opened")).to_be_visible()
    expect(desk.sidebar.get_by_role("textbox")).to_have_count(0)


def test_an_error_that_nobody_asked_for_leaves_the_keyboard_to_whoever_types(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.control("PUT", "app", {"wrong": "expired"})
    desk.page.goto(f"{sandbox.url}/agent/tickets/{MANAGE_TICKET}")
    expect(desk.sidebar.get_by_role("heading", name="This could not be opened")).to_be_visible()
    place = desk.page.get_by_label("Provider code")
    place.focus()
    with desk.page.expect_event("framenavigated"):
        desk.page.evaluate("document.getElementById('opening').submit()")
    desk.frame.wait_for_load_state()
    expect(desk.sidebar.get_by_role("heading", name="This could not be opened")).to_be_visible()
    expect(place).to_be_focused()


def test_a_signed_url_opens_one_sidebar(desk: Desk, sandbox: Sandbox) -> None:
    desk.open()
    sandbox.control("PUT", "app", {"wrong": "replay"})
    desk.page.reload()
    expect(desk.sidebar.get_by_role("heading", name="This could not be opened")).to_be_visible()


def test_without_zendesks_script_it_says_where_it_belongs_and_shows_no_form(desk: Desk, sandbox: Sandbox) -> None:
    desk.page.route("**/zaf_sdk.min.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    desk.page.goto(f"{sandbox.url}/agent/tickets/{MANAGE_TICKET}")
    expect(desk.sidebar.get_by_text("must be opened in Zendesk")).to_be_visible()
    expect(desk.sidebar.get_by_role("textbox")).to_have_count(0)


def test_another_site_cannot_frame_it(browser: Browser, site: Site, sandbox: Sandbox) -> None:
    made = sandbox.control("POST", "app/tokens", {})
    page = browser.new_page(base_url=site.url)
    page.goto(site.issuer)  # stands for any other site
    page.set_content(
        f"<iframe name=app></iframe><form method=post target=app action='{made['address']}'>"
        f"<input name=token value='{made['token']}'><button>Open</button></form>"
    )
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.get_by_role("button", name="Open").click()
    page.close()


def make_look_ups(site: Site, agent: int, count: int) -> None:
    """As many as that, a minute ago."""
    engine = create_engine(site.database_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO look_up (id, ticket_id, agent_id, purpose, asked_at, outcome)"
                " SELECT gen_random_uuid(), 1042, :agent, 'before', now() - interval '1 minute', 'shown'"
                " FROM generate_series(1, :count)"
            ),
            {"agent": agent, "count": count},
        )
    engine.dispose()
