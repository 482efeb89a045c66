"""Publish: providers and courses by page, looked for by name and number, kept for some hours."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.servers.daemon import until
from support_bridge.beside import begin
from support_bridge.errors import NeedsAPerson, NotFound, TryAgain
from support_bridge.services import Services
from support_bridge.teacher_training.asking import Source
from support_bridge.teacher_training.publish import KEPT_SECONDS, LIST_KEPT_SECONDS, Publish
from support_bridge.teacher_training.timetables import Timetables
from support_bridge.teacher_training.values import Match
from tests.conftest import Sandbox
from tests.integration.dfe import Refused, Said, courses, playing, provider
from tests.integration.test_timetables import ALL, GAP

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Make = Callable[..., Publish]


@pytest.fixture
def said() -> Iterator[Said]:
    with playing() as server:
        server.answers = {"/1TZ": provider(), "/courses": courses()}
        yield server


@pytest.fixture
def publish(said: Said) -> Publish:
    return Publish(Source("Publish", said.url))


@pytest.fixture
def real(services: Services) -> Publish:
    """One that asks the sandbox."""
    assert services.publish is not None
    return services.publish


def course(code: str, **changes: Any) -> dict[str, Any]:
    return {"id": code, "attributes": {"code": code, "name": code, "open_for_applications": True} | changes}


def listed(code: str, name: str, **numbers: str | None) -> dict[str, Any]:
    return {"id": code, "attributes": {"code": code, "name": name, "email": "ada@example.invalid"} | numbers}


def by_page(*pages: list[dict[str, Any]], with_links: bool = True) -> Callable[[dict[str, str]], Any]:
    """A list of Publish's: its links are null at the ends."""

    def answer(query: dict[str, str]) -> Any:
        number = int(query["page[page]"])
        if number > len(pages):
            raise Refused(400)
        links = {"prev": None, "next": "https://elsewhere.example/page" if number < len(pages) else None}
        return {"data": pages[number - 1]} | ({"links": links} if with_links else {})

    return answer


def test_open_and_closed_courses_are_told_apart_and_drafts_are_neither(real: Publish) -> None:
    found = real.provider("L42", NOW)
    assert [one.open for one in found.courses] == [True, True, False]
    assert found.unpublished == 0
    large = real.provider("W88", NOW)
    assert (len(large.courses), large.unpublished, sum(one.open for one in large.courses)) == (366, 364, 244)


@pytest.mark.parametrize(
    "changes",
    [{"state": "withdrawn"}, {"state": "draft"}, {"state": "rolled_over"}, {"findable": False}, {"state": None}],
)
def test_a_course_that_candidates_cannot_see_is_counted_only(changes: Any, said: Said, publish: Publish) -> None:
    said.answers["/courses"] = {"data": [course("AAAA", **changes), course("BBBB", state="published", findable="true")]}
    found = publish.provider("1TZ", NOW)
    assert ([one.code for one in found.courses], found.unpublished) == (["BBBB"], 1)


@pytest.mark.parametrize("with_links", [True, False])
def test_every_page_of_courses_is_read_and_no_link_followed(with_links: bool, said: Said, publish: Publish) -> None:
    pages = [[course(f"{page}{n:03d}") for n in range(500)] for page in "AB"] + [[course("C000")]]
    said.answers["/courses"] = by_page(*pages, with_links=with_links)
    assert [one.code for one in publish.provider("1TZ", NOW).courses] == [one["id"] for page in pages for one in page]
    assert len(said.asked) == 4


def test_a_list_that_shrank_while_it_was_read_ends_where_it_ends(said: Said, publish: Publish) -> None:
    full = [course(f"A{n:03d}") for n in range(500)]
    said.answers["/courses"] = by_page(full, with_links=False)  # a full page, and 400 beyond it
    assert len(publish.provider("1TZ", NOW).courses) == 500


def test_a_list_whose_pages_repeat_and_one_without_an_end_need_a_person(said: Said, publish: Publish) -> None:
    said.answers["/courses"] = lambda query: {"data": [course("AAAA")], "links": {"next": "more"}}
    with pytest.raises(NeedsAPerson, match="the same page"):
        publish.provider("1TZ", NOW)
    said.answers["/courses"] = lambda query: {"data": [course(query["page[page]"])], "links": {"next": "more"}}
    with pytest.raises(NeedsAPerson, match="more pages"):
        publish.provider("1TZ", NOW)
    assert len(said.asked) < 12


def test_accredited_providers_are_named_where_publish_names_them(said: Said, publish: Publish, real: Publish) -> None:
    assert real.provider("A42", NOW).accredited_by == (Match("1TZ", "Sandbox Institute of Teaching, North Campus"),)
    included = [
        {
            "type": "providers",
            "attributes": {"code": "2FR", "name": " A\u202e  School ", "email": "ada@example.invalid"},
        }
    ]
    accredited = [course("AAAA", accredited_provider_code="2FR"), course("BBBB", accredited_body_code="X99"),
                  course("CCCC", accredited_provider_code="1TZ"),
                  course("DDDD", accredited_provider_code="<b>")]  # fmt: skip
    said.answers["/courses"] = {"data": accredited, "included": included}
    assert publish.provider("1TZ", NOW).accredited_by == (Match("2FR", "A School"), Match("X99", ""))


def test_type_and_region_are_codes_and_words_and_what_is_unknown_is_said_to_be(said: Said, publish: Publish) -> None:
    said.answers["/1TZ"] = provider(provider_type="scitt", region_code="yorkshire_and_the_humber")
    found = publish.provider("1TZ", NOW)
    assert (found.provider_type, found.region) == ("scitt", "yorkshire_and_the_humber")
    assert (found.type_words, found.region_words) == (
        "School-centred initial teacher training (SCITT)",
        "Yorkshire and the Humber",
    )
    said.answers["/2FR"] = provider(code="2FR", provider_type="ada_lovelace", region_code=None)
    other = publish.provider("2FR", NOW)
    assert (other.provider_type, other.region, other.type_words, other.region_words) == (
        "unknown", "unknown", "Unknown", "Unknown",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ukprn", "urn", "shown"),
    [(None, None, (None, None)), (" 10071005 ", "115074", ("10071005", "115074")), ("ada", 115074, (None, None))],
)
def test_numbers_are_shown_only_where_they_look_like_such(
    ukprn: Any, urn: Any, shown: Any, said: Said, publish: Publish
) -> None:
    said.answers["/1TZ"] = provider(ukprn=ukprn, urn=urn)
    found = publish.provider("1TZ", NOW)
    assert (found.ukprn, found.urn) == shown


def test_the_cycle_that_is_shown_is_the_one_that_the_answer_names(said: Said, publish: Publish) -> None:
    said.answers["/1TZ"] = provider() | {"included": [{"type": "recruitment_cycles", "attributes": {"year": "2025"}}]}
    assert publish.provider("1TZ", NOW).recruitment_cycle == 2025
    assert "/recruitment_cycles/2027/" in said.asked[0]


def test_the_year_that_is_asked_for_is_the_timetables(said: Said) -> None:
    said.answers["/timetables"] = ALL
    timetables = Timetables(Source("Apply's timetable", f"{said.url}/timetables"))
    Publish(Source("Publish", said.url), timetables).provider("1TZ", GAP)
    assert all("/recruitment_cycles/2027/" in path for path in said.asked[1:])


def test_an_answer_about_another_provider_needs_a_person(said: Said, publish: Publish) -> None:
    said.answers["/1TZ"] = provider(code="2FR", name="Ada")
    with pytest.raises(NeedsAPerson, match="another provider") as caught:
        publish.provider("1TZ", NOW)
    assert "Ada" not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [{}, {"data": {}}, {"data": ["Ada"]}, {"data": [{"attributes": "Ada"}]}, {"data": [course("")]},
     {"data": [course("AAAA")], "included": ["Ada"]}],
)  # fmt: skip
def test_courses_of_another_shape_need_a_person(answer: Any, said: Said, publish: Publish) -> None:
    said.answers["/courses"] = answer
    with pytest.raises(NeedsAPerson, match="unknown shape") as caught:
        publish.provider("1TZ", NOW)
    assert "Ada" not in str(caught.value)


def test_what_publish_said_is_kept_for_two_hours_and_says_how_old_it_is(said: Said) -> None:
    timer = [0.0]
    publish = Publish(Source("Publish", said.url), timer=lambda: timer[0])
    first = publish.provider("1TZ", NOW)
    later = NOW.replace(hour=13)
    assert (first.read_at, publish.provider("1tz", later).read_at, len(said.asked)) == (NOW, NOW, 2)
    timer[0] = KEPT_SECONDS + 1.0
    assert publish.provider("1TZ", later).read_at == later
    assert len(said.asked) == 4


def test_a_failed_reading_is_not_kept(said: Said, publish: Publish) -> None:
    for status, error in ((503, TryAgain), (404, NotFound), (403, NeedsAPerson)):
        said.status = status
        with pytest.raises(error):
            publish.provider("1TZ", NOW)
    said.status = 200
    assert publish.provider("1TZ", NOW).code == "1TZ"


@pytest.mark.parametrize("status", [200, 503])
def test_those_who_ask_at_once_share_one_reading_and_its_failure(status: int, said: Said, publish: Publish) -> None:
    said.status = status
    said.open.clear()
    together = threading.Barrier(9)

    def ask() -> str:
        together.wait()
        try:
            return publish.provider("1TZ", NOW).code
        except TryAgain as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask) for _ in range(8)]
        together.wait()
        threading.Event().wait(0.3)  # whoever would ask by themselves has done so by then
        said.open.set()
        answers = {one.result() for one in asking}
    assert answers == {"1TZ" if status == 200 else "Publish could not answer (503)"}
    assert len(said.asked) == 2


def test_nobody_who_stops_waiting_is_held_up_by_what_is_still_asked(said: Said, publish: Publish) -> None:
    before = set(threading.enumerate())
    said.open.clear()
    begin(lambda: publish.provider("1TZ", NOW))
    assert until(lambda: len(said.asked) == 2, 20)
    asking = set(threading.enumerate()) - before
    assert asking
    assert all(thread.daemon for thread in asking), "a process waits at its end for any other"


def test_a_provider_is_found_by_code_name_ukprn_or_urn(real: Publish, sandbox: Sandbox) -> None:
    before = sandbox.last()
    by_code, by_name = real.find("1tz", NOW), real.find("north  CAMPUS institute", NOW)
    assert by_code == by_name == (Match("1TZ", "Sandbox Institute of Teaching, North Campus"),)
    assert real.find("10070000", NOW) == real.find("115000", NOW) == by_code
    assert len(real.find("sandbox", NOW)) == 10
    assert real.find("nobody of that name", NOW) == ()
    assert [one["path"].rpartition("/")[2] for one in sandbox.log("publish", before)] == ["providers"]


def test_the_list_is_read_by_page_kept_for_six_hours_and_holds_no_contact(said: Said) -> None:
    timer = [0.0]
    first = [listed(f"{n:03d}", f"School {n:03d}") for n in range(500)]
    said.answers["/providers"] = by_page(
        first, [listed("XYZ", " Ada\u2019s  School", urn="12345"), listed("no code", "B")]
    )
    publish = Publish(Source("Publish", said.url), timer=lambda: timer[0])
    assert publish.find("adas sch", NOW) == publish.find("12345", NOW) == (Match("XYZ", "Ada\u2019s School"),)
    assert len(said.asked) == 2
    assert "fields%5Bproviders%5D=code%2Cname%2Cukprn%2Curn" in said.asked[0]
    timer[0] = LIST_KEPT_SECONDS + 1.0
    publish.find("b", NOW)
    assert len(said.asked) == 4


def test_a_list_without_any_provider_is_not_kept_and_nobody_is_told_that_there_is_none(said: Said) -> None:
    said.answers["/providers"] = {"data": [], "links": {"next": None}}
    publish = Publish(Source("Publish", said.url))
    with pytest.raises(TryAgain, match="list of providers is empty"):
        publish.find("school", NOW)
    said.answers["/providers"] = {"data": [listed("XYZ", "School")], "links": {"next": None}}
    assert publish.find("school", NOW) == (Match("XYZ", "School"),)


def test_near_matches_are_publishs_own_and_a_short_code_is_not_sent(real: Publish, sandbox: Sandbox) -> None:
    before = sandbox.last()
    assert real.near("1T") == ()
    assert sandbox.log("publish", before) == []
    assert real.near(" 1tz ") == (Match("1TZ", "Sandbox Institute of Teaching, North Campus"),)
    assert len(real.near("Sandbox")) == 10
    assert real.near("ZZZ") == ()


def test_the_hostile_ones_texts_come_in_one_line_printable_and_short(real: Publish) -> None:
    found = real.provider("X66", NOW)
    texts = [found.name, *(one.name for one in found.courses), *(one.name for one in found.accredited_by)]
    assert all(text.isprintable() and len(text) <= 150 for text in texts)
    assert any("<" in text for text in texts)
