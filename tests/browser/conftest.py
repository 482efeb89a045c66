"""A browser, and what it visits: the service's own web process, a real sign-in provider, people with their roles."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import redis
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy.orm import Session

from sandbox.databases import drop_database, fresh_database
from sandbox.servers import Servers
from sandbox.settings import public_url, service_settings
from sandbox.sign_in.people import PEOPLE
from sandbox.stage import Stage, free_port
from support_bridge.people.grants import grant
from support_bridge.people.values import Role
from support_bridge.store.engine import make_engine
from support_bridge.store.migrate import upgrade
from tests.browser.chromium import launch
from tests.browser.watching import Watch
from tests.conftest import MINUTE_SECONDS, Sandbox

PATIENCE_MILLISECONDS = 15_000


@dataclass(frozen=True)
class Site:
    """The service as people meet it."""

    url: str
    issuer: str
    database_url: str
    redis_url: str
    stage: Stage


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # For this package alone: while Playwright runs, nothing else in this process can have an event loop.
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        launched = launch(playwright)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def peopled_url(servers: Servers) -> Iterator[str]:
    """A database of the module's own, in which the sandbox's people have their roles."""
    name = f"support_bridge_browser_{os.getpid()}"
    url = fresh_database(servers, name)
    engine = make_engine(url)
    upgrade(engine)
    with Session(engine) as session, session.begin():
        for person in PEOPLE.values():
            for role in person.roles:
                grant(session, person.subject, Role(role), datetime.now(UTC))
    engine.dispose()
    yield url
    drop_database(servers, name)


@pytest.fixture(scope="module")
def site(stage: Stage, peopled_url: str, redis_url: str, sandbox: Sandbox) -> Site:
    """The web process, with the sandbox's tickets in the mirror; worker, deleter and clock do not run."""
    port = free_port()
    issuer = stage.start_sign_in(public_url(port))
    sandbox.control("PUT", "app", {"url": public_url(port)})
    stage.environ = service_settings(
        database_url=peopled_url,
        redis_url=redis_url,
        port=port,
        sandbox_url=sandbox.url,
        minute_seconds=MINUTE_SECONDS,
        issuer=issuer,
    ) | {"ZENDESK_REQUESTS_PER_MINUTE": "100000"}
    filled = stage.flask("insights", "backfill")
    assert filled.returncode == 0, filled.stderr
    return Site(stage.start_web(stage.environ), issuer, peopled_url, redis_url, stage)


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of a browser that was never here. Whatever goes wrong in it unseen fails the test."""
    _forget_attempts(site.redis_url)
    context = browser.new_context(base_url=site.url)
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    watch = Watch(context)
    yield context.new_page()
    context.close()
    assert watch.faults() == []


@pytest.fixture
def sign_in(site: Site) -> Callable[..., None]:
    """Sign in as one of the sandbox's people, and arrive at a path: sign_in(page, "insights", "/insights")."""

    def click_through(page: Page, key: str, path: str = "/") -> None:
        page.goto(f"/auth/dfe?next={quote(path, safe='')}")
        page.get_by_role("button", name=PEOPLE[key].label, exact=True).click()
        page.wait_for_url(f"{site.url}{path}")

    return click_through


def _forget_attempts(redis_url: str) -> None:
    # They are counted by address, and every test comes from the same one.
    with redis.Redis.from_url(redis_url) as counts:
        for key in counts.scan_iter("LIMITS*"):
            counts.delete(key)
