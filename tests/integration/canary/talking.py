"""`python -m tests.integration.canary.talking before|after`: the service in one process, and in use, whose libraries
are made to tell all they can before or after the service says what may be told. All goes to standard output."""

import logging
import sys
from datetime import timedelta

import requests
from flask.testing import FlaskClient

from sandbox.sign_in.people import PEOPLE
from support_bridge.observability import log_to
from support_bridge.people.tokens import make
from support_bridge.people.values import Role
from support_bridge.web.current import KEY
from tests.integration.canary.deliveries import FULL, URL
from tests.integration.canary.programs import ASKED, CANDIDATES, CONTEXT
from tests.integration.canary.staff import HERE, HOLD, TYPED
from tests.integration.canary.visitors import HEADERS, QUERY
from tests.integration.conftest import event_body, sign
from tests.integration.desk import now
from tests.integration.reading_pages import key_of
from workers import jobs
from wsgi import create_app

LIBRARIES = ("zenpy", "urllib3", "requests", "authlib", "sqlalchemy", "flask_wtf", "werkzeug", "rq", "redis", "psycopg")


def main(when: str) -> None:
    """Talk."""
    if when == "before":
        talk()
    app = create_app()
    log_to(sys.stdout, logging.DEBUG)
    if when == "after":
        talk()
    with app.extensions[KEY].sessions.begin() as session:
        token = make(session, Role.AGENT, timedelta(days=1), now())
    _come(app.test_client())
    _ask(app.test_client(), token)
    _tell(app.test_client())
    jobs.drain()


def talk() -> None:
    """Every logger that there is, and each library's first, at DEBUG."""
    for name in (*LIBRARIES, *logging.root.manager.loggerDict):
        logging.getLogger(name).setLevel(logging.DEBUG)


def _come(browser: FlaskClient) -> None:
    """Somebody signs in, fills in a form twice, and signs out."""
    left = browser.get("/auth/dfe", query_string=QUERY, headers=HEADERS).location
    clicked = requests.post(left, data={"sub": PEOPLE["rights"].subject}, allow_redirects=False, timeout=10)
    browser.get("/auth/dfe/callback?" + clicked.headers["Location"].partition("?")[2], headers=HEADERS)
    key = {"csrf_token": key_of(browser.get("/", headers=HEADERS))}
    said = [browser.post("/holds", data=form | key, headers=HEADERS | HERE).status_code for form in (TYPED, HOLD)]
    assert said == [400, 303], said
    browser.get("/holds", query_string=QUERY, headers=HEADERS)
    assert "Refresh" in browser.post("/auth/dfe/sign-out", data=key, headers=HEADERS | HERE).headers


def _ask(program: FlaskClient, token: str) -> None:
    for candidate in CANDIDATES:
        asked = {**ASKED, "candidate": candidate, "add_note": True}
        headers = HEADERS | {"Authorization": f"Bearer {token}"}
        assert program.post(CONTEXT, json=asked, headers=headers, query_string=QUERY).status_code == 200


def _tell(zendesk: FlaskClient) -> None:
    body = event_body(1042, **FULL)
    assert zendesk.post(URL, data=body, headers=HEADERS | sign(body)).status_code == 202


if __name__ == "__main__":
    main(sys.argv[1])
