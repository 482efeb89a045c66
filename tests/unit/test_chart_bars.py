"""Bars are as long as their values, and what is written beside them has room."""

from hypothesis import given
from hypothesis import strategies as st

from support_bridge.web.charts.bars import WORDS_ROOM, draw
from support_bridge.web.charts.frames import NARROW, WIDE
from support_bridge.web.charts.values import Bar


def bars(*values: int | str | None) -> list[Bar]:
    return [Bar(f"bar {look}", value, str(value), look) for look, value in enumerate(values)]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_the_longest_has_the_whole_room_and_the_others_their_share(values: list[int]) -> None:
    drawn = draw("t", "d", bars(*values), WIDE)
    room = WIDE.width - WORDS_ROOM
    longest = max(values)
    for bar, value in zip(drawn.bars, values, strict=True):
        assert abs(bar.width - (room * value / longest if longest else 0)) <= 0.1
        assert bar.words.x > bar.width


def test_what_is_suppressed_or_missing_has_no_length_and_says_so() -> None:
    drawn = draw("t", "d", bars(10, "c", None, -3), NARROW)
    assert [(bar.width > 0, bar.words.text) for bar in drawn.bars] == [
        (True, "10"), (False, "c"), (False, "None"), (False, "-3"),
    ]  # fmt: skip


def test_bars_lie_beneath_one_another_within_the_drawing() -> None:
    drawn = draw("t", "d", bars(1, 2, 3), WIDE)
    ends = [(bar.name.y, bar.y, bar.y + drawn.thickness) for bar in drawn.bars]
    assert all(name < top for name, top, _ in ends)
    assert all(end < name for (_, _, end), (name, _, _) in zip(ends, ends[1:], strict=False))
    assert ends[-1][2] <= drawn.height
    assert draw("t", "d", [], WIDE).bars == ()
