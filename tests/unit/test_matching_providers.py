"""Which provider is meant by a code, a number or a part of a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.teacher_training.matching import MOST, Listed, best, plain

ALL = [
    Listed("1TZ", "St. Mary’s University, Twickenham", "10007843", None),
    Listed("2FR", "Mary Seacole Teaching School", None, "115074"),
    Listed("3AB", "University of West Anglia", "10071005", "12345"),
    Listed("4CD", "École du Nord SCITT", "10071005", None),
    Listed("SCI", "The Alliance", None, None),
    Listed("5EF", "University of West Anglia, Norwich", None, None),
]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("1tz", ["1TZ"]),
        (" st marys ", ["1TZ"]),
        ("ST. MARY'S", ["1TZ"]),
        ("mary", ["2FR", "1TZ"]),  # what begins with it comes first
        ("anglia west", ["3AB", "5EF"]),
        ("university of west anglia", ["3AB", "5EF"]),  # the very name before a longer one
        ("nglia", ["3AB", "5EF"]),
        ("ecole", ["4CD"]),
        ("sci", ["SCI", "4CD"]),  # a code before a name
        ("10007843", ["1TZ"]),
        ("10071005", ["4CD", "3AB"]),
        ("115074", ["2FR"]),
        ("12345", ["3AB"]),
        ("99999999", []),
        ("mary anglia", []),
        ("a", []),
        ("", []),
        ("...", []),
        ("x" * 10_000, []),
    ],
)
def test_providers_are_found_best_first(words: str, codes: list[str]) -> None:
    assert [match.code for match in best(words, ALL)] == codes


def test_no_more_than_ten_are_given() -> None:
    many = [Listed(f"{n:03d}", f"School {n}", "10000000", None) for n in range(30)]
    assert len(best("school", many)) == len(best("10000000", many)) == MOST


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_looked_for_is_looked_for_in_whatever_name(words: str, name: str) -> None:
    found = best(words, [Listed("XYZ", name, None, None)])
    assert [match.code for match in found] in ([], ["XYZ"])
    if len(plain(name).replace(" ", "")) > 1:
        assert best(name, [Listed("XYZ", name, None, None)])
