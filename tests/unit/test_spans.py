"""Spans of time as people say them."""

import isodate
import pytest

from support_bridge.web.spans import in_words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ("P3Y", "3 years"),
        ("P1Y", "1 year"),
        ("P30D", "30 days"),
        ("P1D", "1 day"),
        ("P18M", "18 months"),
        ("P1Y6M", "1 year and 6 months"),
        ("P2Y1M10D", "2 years, 1 month and 10 days"),
        ("P0D", "no time"),
    ],
)
def test_a_span_is_said_in_its_own_units(span: str, words: str) -> None:
    assert in_words(isodate.parse_duration(span)) == words
