"""Walks over pages that say anything at all: they end, and no row comes again at the boundary of two pages."""

from collections.abc import Callable, Iterator
from itertools import count, islice, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support_bridge.errors import NeedsAPerson
from support_bridge.zendesk.paging import EXPORT_SIZE, MOST_EMPTY, GoesAstray, exported, exported_chats, listed

Answer = dict[str, Any]
Query = dict[str, str]
FRESH = "fresh"  # a cursor that was never given before, each time

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
IDS = st.integers(1, 9)
ROWS = st.lists(IDS.map(lambda number: {"id": number, "generated_timestamp": number}), max_size=4)
CURSORS = st.sampled_from(["a", "b", "c", "", FRESH, FRESH]) | st.none() | st.integers(0, 3)
LINKS = CURSORS.map(lambda word: f"https://x.invalid/rows?page={word}" if word else None)

LISTS = st.fixed_dictionaries(
    {"rows": ROWS},
    optional={
        "meta": st.fixed_dictionaries({}, optional={"has_more": st.booleans(), "after_cursor": CURSORS}),
        "links": st.fixed_dictionaries({"next": LINKS}),
        "next_page": LINKS,
        "count": st.integers(0, 9),
    },
)
EXPORTS = st.fixed_dictionaries({"rows": ROWS}, optional={"after_cursor": CURSORS, "end_of_stream": st.booleans()})
CHATS = st.fixed_dictionaries({"chats": ROWS}, optional={"end_time": st.integers(0, 3), "end_id": CURSORS})

few = settings(derandomize=True, deadline=None, max_examples=200)


class Zendesk:
    """Gives these answers one after another, and then the last ones over and over."""

    def __init__(self, answers: list[Answer], cycle: int) -> None:
        self.asked: list[Query] = []
        self._answers, self._cycle = answers, min(cycle, len(answers))
        self._fresh = count()

    def __call__(self, path: str, query: Query) -> Answer:
        at = len(self.asked)
        if at >= len(self._answers):
            at = len(self._answers) - self._cycle + (at - len(self._answers)) % self._cycle
        self.asked.append(query)
        filled: Answer = self._filled(self._answers[at])
        return filled

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._filled(inner) for name, inner in value.items()}
        if isinstance(value, str) and value.endswith(FRESH):
            return f"{value}-{next(self._fresh)}"
        return value


def list_pages(zendesk: Zendesk) -> Iterator[list[Any]]:
    return ([row] for row in listed(zendesk, "/rows", "rows", query="x"))


def export_pages(zendesk: Zendesk) -> Iterator[list[Any]]:
    return (rows for rows, _, _ in exported(zendesk, "/rows", "rows", {"start_time": "0"}))


def chat_pages(zendesk: Zendesk) -> Iterator[list[Any]]:
    return (rows for rows, _, _ in exported_chats(zendesk, "/chats", {"start_time": "0"}, "chats(id)"))


WALKS = ((list_pages, LISTS, "rows"), (export_pages, EXPORTS, "rows"), (chat_pages, CHATS, "chats"))
Walk = Callable[[Zendesk], Iterator[list[Any]]]


def walked(walk: Walk, zendesk: Zendesk) -> tuple[list[list[Any]], NeedsAPerson | None]:
    """The pages until the end, and what ended it if it was not Zendesk. More than so many is a loop."""
    pages: list[list[Any]] = []
    try:
        pages.extend(islice(walk(zendesk), 5000))
    except NeedsAPerson as error:
        return pages, error
    return pages, None


@pytest.fixture
def pages_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("support_bridge.zendesk.paging.EXPORT_SIZE", 3)


@pytest.mark.parametrize(("walk", "answers", "name"), WALKS)
@pytest.mark.usefixtures("pages_of_three")
def test_whatever_the_pages_say_the_walk_ends(walk: Walk, answers: Any, name: str) -> None:
    @few
    @given(st.lists(answers, min_size=1, max_size=6), st.integers(1, 4))
    def holds(given: list[Answer], cycle: int) -> None:
        zendesk = Zendesk(given, cycle)
        walked(walk, zendesk)
        assert len(zendesk.asked) <= len(given) + (cycle + 1) * (MOST_EMPTY + 1)

    holds()


@pytest.mark.parametrize(("walk", "answers", "name"), WALKS)
@pytest.mark.usefixtures("pages_of_three")
def test_no_row_comes_twice_in_two_pages(walk: Walk, answers: Any, name: str) -> None:
    @few
    @given(st.lists(answers, min_size=1, max_size=6), st.integers(1, 4))
    def holds(given: list[Answer], cycle: int) -> None:
        zendesk = Zendesk(given, cycle)
        given_rows = [row["id"] for page in walked(walk, zendesk)[0] for row in page]
        raw = [answer[name] for answer in given[: len(zendesk.asked)]]
        for one, other in pairwise([[], *raw]):
            fresh = {row["id"] for row in other} - {row["id"] for row in one}
            came, given_rows = given_rows[: len(fresh)], given_rows[len(fresh) :]
            if len(came) < len(fresh):
                return  # it was given up there
            assert sorted(came) == sorted(fresh)

    holds()


@pytest.mark.parametrize(("walk", "answers", "name"), WALKS)
def test_any_json_at_all_is_walked_or_refused_in_our_words(walk: Walk, answers: Any, name: str) -> None:
    @few
    @given(st.dictionaries(st.sampled_from(["rows", "chats", "meta", "links", "next_page", "end_of_stream",
                                            "after_cursor", "end_time", "end_id", "count"]), JSON))  # fmt: skip
    def holds(answer: Answer) -> None:
        zendesk = Zendesk([answer], 1)
        error = walked(walk, zendesk)[1]
        assert len(zendesk.asked) <= MOST_EMPTY + 2
        assert error is None or isinstance(error, GoesAstray)

    holds()


@given(st.lists(ROWS, min_size=1, max_size=5))
@few
def test_a_list_ends_with_has_more_though_the_last_page_has_a_cursor_and_a_link(pages: list[list[Any]]) -> None:
    distinct = [[{"id": f"{at}-{row['id']}"} for row in page] for at, page in enumerate(pages)]
    answers = [
        {"rows": page, "meta": {"has_more": at < len(pages) - 1, "after_cursor": f"c{at}"}, "links": {"next": "https://x.invalid/?page=1"}}
        for at, page in enumerate(distinct)
    ]  # fmt: skip
    zendesk = Zendesk(answers, 1)
    found = [row["id"] for row in listed(zendesk, "/rows", "rows", query="x")]
    assert found == list(dict.fromkeys(row["id"] for page in distinct for row in page))
    assert [asked.get("page[after]") for asked in zendesk.asked] == [None, *(f"c{at}" for at in range(len(pages) - 1))]
    assert all(asked["query"] == "x" for asked in zendesk.asked)


@given(st.integers(1, 5))
@few
def test_an_export_ends_with_its_stream_though_the_last_page_has_a_cursor(count_of_pages: int) -> None:
    answers = [
        {"rows": [{"id": at, "generated_timestamp": at}, {"id": at + 1, "generated_timestamp": at + 1}],
         "after_cursor": f"c{at}", "end_of_stream": at == count_of_pages - 1}
        for at in range(count_of_pages)
    ]  # fmt: skip
    zendesk = Zendesk(answers, 1)
    pages = list(exported(zendesk, "/rows", "rows", {"start_time": "0"}, include="metric_sets"))
    assert [row["id"] for rows, _, _ in pages for row in rows] == list(range(count_of_pages + 1))
    assert [(cursor, ended) for _, cursor, ended in pages] == [
        (answer["after_cursor"], answer["end_of_stream"]) for answer in answers
    ]
    assert [asked.get("cursor") for asked in zendesk.asked] == [None, *(f"c{at}" for at in range(count_of_pages - 1))]


@pytest.mark.parametrize("size", [0, 1, EXPORT_SIZE - 1])
def test_chats_end_with_a_page_that_is_not_full_though_it_has_a_next(size: int) -> None:
    full = {"chats": [{"id": f"a{at}"} for at in range(EXPORT_SIZE)], "end_time": 7, "end_id": "x"}
    last = {"chats": [{"id": f"b{at}"} for at in range(size)], "end_time": 9, "end_id": "y", "next_page": "https://x"}
    zendesk = Zendesk([full, last], 1)
    pages = list(exported_chats(zendesk, "/chats", {"start_time": "0"}, "chats(id)"))
    assert [len(rows) for rows, _, _ in pages] == [EXPORT_SIZE, size]
    assert pages[-1][1:] == ({"start_time": "9", "start_id": "y"}, True)
    assert [(asked["start_time"], asked.get("start_id")) for asked in zendesk.asked] == [("0", None), ("7", "x")]


def test_a_ticket_that_changed_on_the_way_comes_again() -> None:
    answers = [
        {"rows": [{"id": 1, "generated_timestamp": 1}], "after_cursor": "a", "end_of_stream": False},
        {"rows": [{"id": 1, "generated_timestamp": 2}], "after_cursor": "b", "end_of_stream": True},
    ]
    assert [len(page) for page in export_pages(Zendesk(answers, 1))] == [1, 1]


def test_a_page_that_does_not_say_where_the_next_is_gives_nothing_to_keep() -> None:
    answers = [
        {"rows": [{"id": 1, "generated_timestamp": 1}], "after_cursor": "a", "end_of_stream": False},
        {"rows": [{"id": 2, "generated_timestamp": 2}], "after_cursor": None, "end_of_stream": False},
    ]
    kept: list[Any] = []
    with pytest.raises(GoesAstray, match="not where"):
        kept.extend(exported(Zendesk(answers, 1), "/rows", "rows", {"start_time": "0"}))
    assert [cursor for _, cursor, _ in kept] == ["a"]


def test_an_end_without_a_place_leaves_the_place_that_was_asked_for() -> None:
    ended = {"rows": [], "chats": [], "end_of_stream": True, "after_cursor": None, "end_time": None, "end_id": None}
    assert [page[1] for page in exported(Zendesk([ended], 1), "/rows", "rows", {"cursor": "c"})] == ["c"]
    place = {"start_time": "7", "start_id": "x"}
    assert [page[1] for page in exported_chats(Zendesk([ended], 1), "/chats", place, "chats(id)")] == [place]


def test_an_earlier_page_that_comes_by_another_cursor_is_not_given_again() -> None:
    def page(number: int, more: bool = True) -> Answer:
        return {"rows": [{"id": number}], "meta": {"has_more": more, "after_cursor": FRESH}}

    kept: list[Answer] = []
    with pytest.raises(GoesAstray, match="lead back"):
        kept.extend(listed(Zendesk([page(1), page(2), page(3), page(1)], 1), "/rows", "rows"))
    assert [row["id"] for row in kept] == [1, 2, 3]


@pytest.mark.parametrize(("walk", "name"), [(list_pages, "rows"), (export_pages, "rows"), (chat_pages, "chats")])
@pytest.mark.usefixtures("pages_of_three")
def test_a_cursor_that_was_followed_is_not_followed_again(walk: Walk, name: str) -> None:
    rows = [{"id": at, "generated_timestamp": at} for at in range(3)]
    stuck = {name: rows, "meta": {"has_more": True, "after_cursor": "a"}, "after_cursor": "a"}
    stuck |= {"end_time": 7, "end_id": "a"}
    zendesk = Zendesk([stuck], 1)
    assert isinstance(walked(walk, zendesk)[1], GoesAstray)
    assert len(zendesk.asked) == 2
