"""A list of Publish's, page by page, through an allow-list. Its links are null at both ends, unlike Apply's."""

from collections.abc import Iterable
from typing import Any

from support_bridge.errors import NeedsAPerson
from support_bridge.teacher_training.allowed import let_through
from support_bridge.teacher_training.asking import NotUnderstood, Source

PER_PAGE = 500  # Publish gives no more

Page = dict[str, Any]


def read_pages(source: Source, path: str, params: dict[str, str], paths: Iterable[str], most: int) -> list[Page]:
    """Its pages. Raises what Source raises, and NeedsAPerson for a list that does not end, or that is none."""
    pages: list[Page] = []
    while len(pages) < most:
        number = {"page[page]": str(len(pages) + 1), "page[per_page]": str(PER_PAGE)}
        try:
            page = let_through(source.get(path, params | number), paths)
        except NotUnderstood:
            if not pages:
                raise
            return pages  # a page beyond the last: the list has shrunk meanwhile
        if not isinstance(page, dict) or not isinstance(page.get("data"), list):
            raise NeedsAPerson(f"{source.name}'s answer has an unknown shape")
        if pages and page["data"] and page["data"] == pages[-1]["data"]:
            raise NeedsAPerson(f"{source.name} gives the same page again and again")
        pages.append(page)
        if not _has_more(page):
            return pages
    raise NeedsAPerson(f"{source.name}'s list has more pages than such a list can have")


def _has_more(page: Page) -> bool:
    """By the links; without any, a full page has another behind it."""
    links = page.get("links")
    return bool(links.get("next")) if isinstance(links, dict) else len(page["data"]) >= PER_PAGE
