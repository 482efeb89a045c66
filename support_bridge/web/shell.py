"""What every page shows around its content: who is signed in, the pages they may see, styles and script."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Protocol

from flask import Flask, request, url_for
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from sqlalchemy.exc import SQLAlchemyError

from support_bridge.web import static_files
from support_bridge.web.audience import is_for_the_sidebar
from support_bridge.web.current import current_services
from support_bridge.web.spans import in_words
from support_bridge.web.walls import nonce

SERVICE_NAME = "Support Bridge"


class SignedIn(Protocol):
    """Somebody who is signed in."""

    @property
    def name(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def roles(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class PageLink:
    """A page of the navigation: whoever has one of the roles sees it; `about` is a sentence for the start page."""

    title: str
    endpoint: str
    roles: frozenset[str]
    about: str = ""


@dataclass(frozen=True)
class NavigationItem:
    """A page as the service navigation shows it: `current` is the page itself, `active` one that lies beneath it."""

    text: str
    href: str
    about: str
    current: bool
    active: bool


def furnish(
    app: Flask,
    *,
    person: Callable[[], SignedIn | None],
    pages: Sequence[PageLink],
    commit: str = "",
    files: static_files.StaticFiles,
) -> None:
    """Give the application its templates, what they all need, and the files that they name."""
    app.jinja_loader = ChoiceLoader(
        [
            PackageLoader("support_bridge.web"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.filters |= {"day": day, "in_words": in_words}
    app.register_blueprint(static_files.serving(files))

    @app.context_processor
    def around() -> dict[str, Any]:
        asset = partial(static_files.address, files)
        if is_for_the_sidebar(request.path):  # no session is looked at there: whom it is for stands in the page
            return {"asset": asset, "sdk_url": current_services().settings.zendesk_app_sdk_url}
        somebody, is_known = _ask(person)
        return {
            "asset": asset,
            "commit": commit,
            "csp_nonce": nonce,
            "navigation": _navigation(pages, somebody),
            "person": somebody,
            "person_is_known": is_known,
            "service_name": SERVICE_NAME,
        }


def day(when: date) -> str:
    """`8 October 2021`."""
    return f"{when.day} {when:%B %Y}"


def _ask(person: Callable[[], SignedIn | None]) -> tuple[SignedIn | None, bool]:
    """Who is there, and whether that could be found out: an error page must come also when the database is away."""
    try:
        return person(), True
    except SQLAlchemyError:
        return None, False


def _navigation(pages: Sequence[PageLink], person: SignedIn | None) -> list[NavigationItem]:
    return [_item(page) for page in pages if person and page.roles & person.roles]


def _item(page: PageLink) -> NavigationItem:
    href = url_for(page.endpoint)
    return NavigationItem(
        page.title, href, page.about, current=request.path == href, active=request.path.startswith(f"{href}/")
    )
