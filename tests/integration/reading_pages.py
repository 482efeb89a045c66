"""A page as a person meets it: its tables, its messages, its fields, its links. The standard library's parser does."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"br", "hr", "img", "input", "link", "meta", "col"}


@dataclass
class Element:
    """An element with what is in it."""

    tag: str
    attributes: dict[str, str]
    inside: "list[Element | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says, in one line."""
        return " ".join("".join(_words(self)).split())

    def all(self, tag: str, css_class: str = "") -> "list[Element]":
        """Every such element in it, in their order."""
        found: list[Element] = []
        for one in self.inside:
            if isinstance(one, Element):
                if one.tag == tag and (not css_class or css_class in one.attributes.get("class", "").split()):
                    found.append(one)
                found += one.all(tag, css_class)
        return found

    def by_id(self, name: str) -> "Element":
        """The one element of that id."""
        (found,) = [one for one in self.everything() if one.attributes.get("id") == name]
        return found

    def rows(self) -> list[list[str]]:
        """A table's cells, row by row."""
        return [
            [cell.text for cell in row.inside if isinstance(cell, Element) and cell.tag in ("th", "td")]
            for row in self.all("tr")
        ]

    def everything(self) -> "list[Element]":
        """Every element in it."""
        inner = [one for one in self.inside if isinstance(one, Element)]
        return [*inner, *(deeper for one in inner for deeper in one.everything())]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.path = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.path[-1].inside.append(element)
        if tag not in VOID:
            self.path.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.path[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.path[-1].tag == tag, f"<{self.path[-1].tag}> is closed by </{tag}>"
        self.path.pop()

    def handle_data(self, data: str) -> None:
        self.path[-1].inside.append(data)


def read(html: str) -> Element:
    """The page. Fails where its elements are not closed in their order."""
    reader = _Reader()
    reader.feed(html)
    assert len(reader.path) == 1, [element.tag for element in reader.path]
    return reader.path[0]


def key_of(answer: Any) -> str:
    """The key that the page's form sends back."""
    (name, *_) = [one for one in read(answer.text).all("input") if one.attributes.get("name") == "csrf_token"]
    return name.attributes["value"]


def inline(page: Element) -> list[str]:
    """What the content security policy would block: styles and handlers in attributes, scripts without a nonce."""
    found = [
        f"<{one.tag} {name}>"
        for one in page.everything()
        for name in one.attributes
        if name == "style" or name.startswith("on")
    ]
    found += ["<style>" for _ in page.all("style")]
    return found + [
        "<script>" for one in page.all("script") if "src" not in one.attributes and not one.attributes.get("nonce")
    ]


def _words(element: Element) -> list[str]:
    said: list[str] = []
    for one in element.inside:
        said += [one] if isinstance(one, str) else _words(one)
    return said
