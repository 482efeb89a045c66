"""What every page shows around its content, on pages of an application that has nothing else."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask, flash, render_template, render_template_string, request
from flask.testing import FlaskClient
from flask_wtf import CSRFProtect
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict

from support_bridge.people.routes import blueprint as people
from support_bridge.people.values import Person, Role
from support_bridge.policies.read import read as read_policies
from support_bridge.settings import Settings
from support_bridge.web import shell, static_files, walls
from support_bridge.web.error_words import WORDS
from support_bridge.web.shell import PageLink

Tag = tuple[str, dict[str, str]]
PAGES = (
    PageLink("Insights", "insights", frozenset({Role.INSIGHTS, Role.AUDITOR}), "Numbers by month."),
    PageLink("Retention", "retention", frozenset({Role.RETENTION})),
)
SUBJECT = "0F8A2B9C-1111-4222-8333-ABCDEF012345"
ANALYST = Person(SUBJECT, "Ada <script>", frozenset({Role.INSIGHTS}))
CHILD = """{% extends "web/page.html" %}{% set page_title = "Numbers" %}
{% set breadcrumbs = [{"text": "Home", "href": "/"}, {"text": "Numbers"}] %}
{% block content %}<h1>Numbers of July</h1>{% endblock %}"""
TYPED = [("ticket", "1042"), ("reason", 'It\'s "open" <b>\r\n & stays so'), ("right", "access"), ("right", "erasure")]


class Tags(HTMLParser):
    """A page's tags, in order, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[Tag] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, {name: value or "" for name, value in attrs}))

    def named(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.all if name == tag and wanted.items() <= attrs.items()]


class Who:
    """Who is signed in, for this test."""

    def __init__(self) -> None:
        self.person: Person | None = None
        self.is_away = False

    def __call__(self) -> Person | None:
        if self.is_away:
            raise OperationalError("select", {}, Exception("away"))
        return self.person


@pytest.fixture
def who() -> Who:
    return Who()


@pytest.fixture
def client(environ: dict[str, str], who: Who) -> Iterator[FlaskClient]:
    app = Flask(__name__, static_folder=None)
    app.config["SECRET_KEY"] = "for these tests"
    CSRFProtect(app)
    walls.put_up(app, Settings.from_env())
    app.register_blueprint(people)
    shell.furnish(app, person=who, pages=PAGES, commit="0c32eb5aa11bb22cc33dd44ee55", files=static_files.read())
    policy_files = Path("support_bridge/policies")
    for rule, name in (("/start", "start"), ("/signed-out", "signed_out")):
        app.add_url_rule(rule, name, lambda name=name: render_template(f"web/{name}.html"))
    for rule, endpoint in (("/insights", "insights"), ("/insights/july", "july"), ("/retention", "retention")):
        app.add_url_rule(rule, endpoint, lambda: render_template_string(CHILD))

    @app.get("/form")
    def form() -> str:
        flash("The hold was placed.", "success")
        return render_template_string(CHILD, errors=[{"text": "Enter a number", "href": "#ticket"}])

    @app.get("/privacy/<name>")
    def privacy(name: str) -> str:
        return render_template("web/privacy.html", policies=read_policies(policy_files / f"{name}.toml").policies)

    @app.get("/error/<int:status>")
    def error(status: int) -> str:
        words = WORDS[status]
        return render_template(
            "web/error.html",
            status=status,
            heading=words.heading,
            message=words.message,
            next=words.next,
            error_id="1d",
        )

    @app.get("/not-sent/<cause>")
    def not_sent(cause: str) -> str:
        fields = [(name, name.title(), value) for name, value in TYPED]
        return render_template("web/not_sent.html", cause=cause, action="/take", fields=fields, sign_in_url="/auth/dfe")

    @app.post("/take")
    def take() -> list[list[str]]:
        return [[name, value] for name, value in request.form.items(multi=True)]

    return app.test_client()


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def title(html: str) -> str:
    return html.partition("<title>")[2].partition("</title>")[0]


def every_page(client: FlaskClient) -> Iterator[tuple[str, str]]:
    errors = [f"/error/{status}" for status in WORDS]
    rest = ["/start", "/signed-out", "/form", "/not-sent/session", "/not-sent/token", "/privacy/becomingateacher"]
    for path in errors + rest:
        answer = client.get(path)
        yield answer.get_data(as_text=True), answer.headers["Content-Security-Policy"]


def test_a_page_says_what_and_whose_it_is_and_is_not_for_search_engines(client: FlaskClient) -> None:
    html = page(client, "/insights")
    tags = Tags(html)
    assert title(html) == "Numbers – Support Bridge – Department for Education"
    assert tags.named("html", lang="en")
    assert tags.named("meta", name="robots", content="noindex, nofollow")
    assert tags.named("a", href="#main-content")
    assert tags.named("main", id="main-content")
    assert "Version 0c32eb5aa11b" in html


def test_breadcrumbs_lead_back(client: FlaskClient) -> None:
    tags = Tags(page(client, "/insights"))
    assert tags.named("a", href="/", **{"class": "govuk-breadcrumbs__link"})
    assert tags.named("li", **{"aria-current": "page"})


def test_a_page_with_errors_says_so_first_and_links_to_the_field(client: FlaskClient) -> None:
    html = page(client, "/form")
    assert title(html).startswith("Error: Numbers –")
    assert Tags(html).named("a", href="#ticket")
    assert html.index("There is a problem") < html.index("Numbers of July")


def test_what_was_flashed_is_shown_once(client: FlaskClient) -> None:
    assert "The hold was placed." in page(client, "/form")
    assert "The hold was placed." not in page(client, "/insights")


def test_a_visitor_is_offered_to_sign_in_and_sees_no_navigation(client: FlaskClient) -> None:
    tags = Tags(page(client, "/start"))
    assert tags.named("a", href="/auth/dfe")
    assert not tags.named("form")
    assert not tags.named("a", href="/insights")


def test_whoever_is_signed_in_sees_their_name_and_a_form_to_sign_out(client: FlaskClient, who: Who) -> None:
    who.person = ANALYST
    html = page(client, "/start")
    tags = Tags(html)
    assert "Ada &lt;script&gt;" in html
    assert "Ada <script>" not in html
    assert tags.named("form", method="post", action="/auth/dfe/sign-out")
    assert tags.named("input", name="csrf_token")[0]["value"]
    assert not tags.named("a", href="/auth/dfe")


def test_the_navigation_and_the_start_page_have_the_pages_of_the_role(client: FlaskClient, who: Who) -> None:
    who.person = ANALYST
    html = page(client, "/start")
    assert "Numbers by month." in html
    assert len(Tags(html).named("a", href="/insights")) == 2
    assert not Tags(html).named("a", href="/retention")


@pytest.mark.parametrize(
    ("path", "marks"),
    [
        ("/insights", {"/insights": "page", "/retention": None}),
        ("/insights/july", {"/insights": "true", "/retention": None}),
        ("/retention", {"/insights": None, "/retention": "page"}),
    ],
)
def test_the_navigation_marks_the_page_and_what_lies_beneath_it(
    client: FlaskClient, who: Who, path: str, marks: dict[str, str | None]
) -> None:
    who.person = Person(SUBJECT, "Ada", frozenset({Role.INSIGHTS, Role.RETENTION}))
    links = Tags(page(client, path)).named("a", **{"class": "govuk-service-navigation__link"})
    assert {link["href"]: link.get("aria-current") for link in links if link["href"] != "/"} == marks


def test_whoever_has_no_role_is_shown_the_id_to_pass_on(client: FlaskClient, who: Who) -> None:
    who.person = Person("<b>&id", "Ada", frozenset())
    html = page(client, "/start")
    assert "not been given a role" in html
    assert ">&lt;b&gt;&amp;id<" in html


def test_with_the_database_away_a_page_comes_and_says_nothing_of_who_is_there(client: FlaskClient, who: Who) -> None:
    who.is_away = True
    tags = Tags(page(client, "/error/503"))
    assert not tags.named("a", href="/auth/dfe")
    assert not tags.named("form")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 429, 500, 502, 503])
def test_every_error_page_says_what_happened_what_to_do_and_its_id(client: FlaskClient, status: int) -> None:
    html = page(client, f"/error/{status}")
    words = WORDS[status]
    for said in (words.heading, words.message, words.next, '<code class="sb-id">1d</code>'):
        assert said in html
    where_next = "/auth/dfe" if status == 401 else "/"
    assert Tags(html.partition("<main")[2]).named("a", href=where_next)


@pytest.mark.parametrize("cause", ["session", "token"])
def test_a_form_that_was_not_sent_is_shown_and_sends_all_of_it_again(client: FlaskClient, cause: str) -> None:
    html = page(client, f"/not-sent/{cause}")
    for _, value in TYPED:
        assert value.replace("\r\n", "\n") in _text(html).replace("\r\n", "\n")
    assert bool(Tags(html).named("a", href="/auth/dfe", target="_blank")) == (cause == "session")
    assert Tags(html).named("form", method="post", action="/take")
    hidden = [(field["name"], field["value"]) for field in Tags(html).named("input", type="hidden")]
    sent = client.post("/take", data=MultiDict(hidden))
    assert sent.status_code == 200, "its key is a fresh one"
    assert [tuple(field) for field in sent.get_json()][1:] == TYPED


@pytest.mark.parametrize(
    ("file", "terms"),
    [
        ("becomingateacher", ["3 years from when you first", "at most 7 years from when you first"]),
        ("get-help-with-technology", ["at most 2 years from when you first", "Computacenter (UK) Limited"]),
    ],
)
def test_the_privacy_page_says_what_the_policies_promise_and_where_to_complain(
    client: FlaskClient, file: str, terms: list[str]
) -> None:
    html = page(client, f"/privacy/{file}")
    assert [term for term in terms if term not in html] == []
    links = " ".join(link["href"] for link in Tags(html).named("a"))
    assert "form.education.gov.uk" in links
    assert "ico.org.uk" in links
    is_named = file == "becomingateacher"  # the other notice gives no address
    assert ("mailto:becomingateacher@digital.education.gov.uk" in links) == is_named


def test_the_privacy_page_names_each_right_that_a_notice_lists_and_no_other(client: FlaskClient) -> None:
    assert "erased" in page(client, "/privacy/becomingateacher")
    assert "erased" not in page(client, "/privacy/get-help-with-technology")


def test_no_page_needs_what_the_policy_forbids(client: FlaskClient, who: Who) -> None:
    for who.person in (None, ANALYST):
        for html, policy in every_page(client):
            nonce = re.findall(r"'nonce-([^']+)'", policy)[0]
            tags = Tags(html)
            scripts = tags.named("script")
            assert scripts
            assert [script for script in scripts if script.get("nonce") != nonce] == []
            assert [
                attrs for _, attrs in tags.all if "style" in attrs or any(name.startswith("on") for name in attrs)
            ] == []
            assert not tags.named("style")


def _text(html: str) -> str:
    """What a reader sees of the page."""
    said: list[str] = []
    reader = HTMLParser()
    reader.handle_data = said.append  # type: ignore[method-assign]
    reader.feed(html)
    return "".join(said)
