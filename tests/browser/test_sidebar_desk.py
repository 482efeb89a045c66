"""The sandbox's agent page opens an app as Zendesk does, and its stand-in for Zendesk's script does as the real one."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.axe import axe
from tests.browser.other_app import OtherApp, other_app
from tests.browser.watching import Watch
from tests.conftest import Sandbox

CODE = "ticket.customField:custom_field_360011490478"


@pytest.fixture(scope="module")
def app(sandbox: Sandbox) -> Iterator[OtherApp]:
    with other_app(f"{sandbox.url}/zaf_sdk.min.js") as served:
        sandbox.control("PUT", "app", {"url": served.url})
        yield served


@pytest.fixture
def desk(browser: Browser, sandbox: Sandbox, app: OtherApp) -> Iterator[Page]:
    context = browser.new_context(base_url=sandbox.url)
    watch, page = Watch(context), context.new_page()
    page.goto("/agent/tickets/1042?as=502")
    yield page
    context.close()
    assert watch.faults() == []


@pytest.fixture
def frame(desk: Page, app: OtherApp) -> Frame:
    opened = desk.frame(name="app")
    assert opened is not None
    opened.wait_for_url(f"{app.url}/**")
    opened.evaluate("window.client = ZAFClient.init()")
    return opened


def test_the_app_is_opened_by_a_token_posted_into_its_frame(app: OtherApp, frame: Frame, sandbox: Sandbox) -> None:
    path, body = app.received[-1]
    assert urlsplit(path).path == "/sidebar"
    assert parse_qs(urlsplit(path).query)["origin"] == [sandbox.url]
    claims = jwt.decode(parse_qs(body)["token"][0], options={"verify_signature": False})
    assert claims["sub"] == "502"


def test_one_path_is_given_by_its_name(frame: Frame) -> None:
    assert frame.evaluate("client.get('ticket.id')") == {"ticket.id": 1042, "errors": {}}


def test_one_path_that_is_none_rejects(frame: Frame) -> None:
    assert (
        frame.evaluate("client.get('ticket.nothing').catch(error => error.message)") == '"ticket.nothing" No such Api'
    )


def test_of_several_paths_those_that_are_none_are_among_the_errors(frame: Frame) -> None:
    got = frame.evaluate(f"client.get(['ticket.status', '{CODE}', 'ticket.customField:custom_field_1'])")
    assert (got["ticket.status"], got[CODE]) == ("open", "1TZ")
    assert list(got["errors"]) == ["ticket.customField:custom_field_1"]


def test_a_field_is_given_as_it_stands_on_the_page_and_null_where_it_is_empty(desk: Page, frame: Frame) -> None:
    desk.get_by_label("Provider code").fill("B17")
    assert frame.evaluate(f"client.get('{CODE}')")[CODE] == "B17"
    desk.get_by_label("Provider code").fill("")
    assert frame.evaluate(f"client.get('{CODE}')")[CODE] is None


def test_the_app_says_how_high_it_is_and_the_agent_how_wide(desk: Page, frame: Frame) -> None:
    frame.evaluate("client.invoke('resize', {width: '100%', height: '333px'})")
    for width in (320, 480, 720):
        desk.get_by_label("Width of the sidebar").fill(str(width))
        box = desk.locator("#app").bounding_box()
        assert box is not None
        assert (round(box["width"]), box["height"]) == (width, 333)


def test_what_is_asked_before_the_page_has_answered_is_not_lost(frame: Frame) -> None:
    asked = "(() => { const early = ZAFClient.init(); return early.get('ticket.id'); })()"
    assert frame.evaluate(asked)["ticket.id"] == 1042


def test_an_app_is_told_when_it_is_registered_where_it_is(frame: Frame) -> None:
    told = frame.evaluate("new Promise(resolve => ZAFClient.init().on('app.registered', resolve))")
    assert told["context"]["location"] == "ticket_sidebar"
    assert frame.evaluate("client.context()") == told["context"]
    assert frame.evaluate("client.metadata()") == told["metadata"]


def test_a_request_is_made_by_the_page_around_the_app(frame: Frame) -> None:
    assert frame.evaluate("client.request('/api/v2/users/me.json')")["user"]["role"] == "end-user"
    refused = frame.evaluate("client.request({url: 'https://elsewhere.invalid/'}).catch(answer => answer)")
    assert refused["status"] == 0


def test_an_unknown_invocation_rejects(frame: Frame) -> None:
    assert "No such Api" in frame.evaluate("client.invoke('explode').catch(error => error.message)")


def test_outside_zendesk_there_is_no_client(browser: Browser, app: OtherApp) -> None:
    page = browser.new_page()
    page.goto(f"{app.url}/sidebar")
    assert page.evaluate("ZAFClient.init()") is False
    page.close()


def test_only_the_page_that_the_address_names_is_spoken_to(desk: Page, frame: Frame) -> None:
    # The frame says who may speak to it by its address: another origin there, and the page around it is not heard.
    frame.evaluate("history.replaceState(null, '', '?origin=https://elsewhere.invalid&app_guid=1')")
    with desk.expect_console_message():  # the browser says that the message reached nobody
        frame.evaluate("window.lonely = ZAFClient.init()")
    heard = "Promise.race([lonely.context().then(() => true), new Promise(done => setTimeout(done, 300, false))])"
    assert frame.evaluate(heard) is False


def test_a_frame_with_another_guid_is_not_answered(frame: Frame) -> None:
    frame.evaluate("history.replaceState(null, '', `${location.search}&`.replace(/app_guid=[^&]*/, 'app_guid=1'))")
    heard = (
        "Promise.race([ZAFClient.init().context().then(() => true), new Promise(done => setTimeout(done, 300, false))])"
    )
    assert frame.evaluate(heard) is False


def test_comments_that_came_meanwhile_are_shown_when_asked_for(desk: Page, frame: Frame, sandbox: Sandbox) -> None:
    before = desk.get_by_role("article").count()
    sandbox.control("PATCH", "tickets/1042", {"status": "pending"})
    desk.get_by_role("button", name="Look for new comments").click()
    expect(desk.locator("#status")).to_have_text("pending")
    assert desk.get_by_role("article").count() == before
    sandbox.control("PATCH", "tickets/1042", {"status": "open"})


@pytest.mark.parametrize("path", ["/agent", "/agent/tickets/1043?as=503"])
def test_axe_finds_nothing_serious(desk: Page, path: str) -> None:
    desk.goto(path)
    assert axe(desk) == []


def test_the_macro_tags_the_ticket_with_what_stands_in_the_fields(desk: Page, sandbox: Sandbox) -> None:
    number = sandbox.control("POST", "tickets", {})["id"]
    desk.goto(f"/agent/tickets/{number}?as=509")
    desk.get_by_label("Provider code").fill("B17")
    desk.get_by_role("button", name="Apply macro").click()
    expect(desk.locator("#conversation")).to_contain_text("context_requested")
    desk.reload()
    expect(desk.get_by_label("Provider code")).to_have_value("B17")


def test_words_from_a_ticket_are_shown_as_text(desk: Page, sandbox: Sandbox) -> None:
    hostile = "<img src=x onerror=alert(1)></script>"
    number = sandbox.control("POST", "tickets", {"subject": hostile, "body": hostile})["id"]
    desk.goto(f"/agent/tickets/{number}")
    expect(desk.get_by_role("heading", level=1)).to_have_text(f"{number}: {hostile}")
    expect(desk.get_by_role("article")).to_contain_text(hostile)


def test_who_looks_is_chosen_on_the_page_and_nobody_else_can(desk: Page) -> None:
    desk.goto("/agent?as=503")
    desk.get_by_role("link", name="1042").first.click()
    desk.wait_for_url("**/agent/tickets/1042?as=503")
    answer = desk.goto("/agent?as=900001")
    assert answer is not None
    assert answer.status == 404
