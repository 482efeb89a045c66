"""What is typed at the console: numbers that cannot be ids, and words that must not be kept."""

from collections.abc import Callable

import pytest
from click.testing import Result
from sqlalchemy import select

from support_bridge.holds.tables import Hold
from support_bridge.services import Services

PLACE = ("--reason", "a case", "--as", "demo", "--review-on", "2099-01-01")
COMMANDS = [
    ("inbox", "replay"),
    ("holds", "place", *PLACE),
    ("holds", "release"),
    ("people", "revoke"),
    ("context", "ask", "--agent", "501", "--provider", "1TZ", "--purpose", "an offer"),
]


@pytest.mark.parametrize("number", ["12345678901234567890", "0", str(10**18 + 1), "one"])
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_a_number_that_can_be_no_id_is_a_usage_error(
    words: tuple[str, ...], number: str, command: Callable[..., Result]
) -> None:
    said = command(*words, number)
    assert said.exit_code == 2
    if number != "one" or "revoke" not in words:  # that takes a person's id too, and there is no such person
        assert said.stderr.startswith("Usage: ")
    assert isinstance(said.exception, SystemExit)


@pytest.mark.parametrize("words", [("inbox", "replay"), ("holds", "release"), ("people", "revoke")], ids=" ".join)
def test_the_largest_id_is_looked_for_like_any_other(words: tuple[str, ...], command: Callable[..., Result]) -> None:
    said = command(*words, str(10**18))
    assert said.exit_code in (0, 2)
    assert isinstance(said.exception, SystemExit | None)


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--reason", "ada@example.invalid"),
        ("--reason", "rang from 01632 960 001"),
        ("--reason", " "),
        ("--as", "ada@example.invalid"),
        ("--as", " "),
    ],
)
def test_a_hold_keeps_no_address_and_no_long_number(
    option: str, text: str, command: Callable[..., Result], services: Services
) -> None:
    words = list(PLACE)
    words[words.index(option) + 1] = text
    said = command("holds", "place", "7", *words)
    assert (said.exit_code, said.stdout) == (2, "")
    assert len(said.stderr.splitlines()) == 1
    with services.sessions() as session:
        assert session.scalars(select(Hold)).all() == []


def test_a_hold_keeps_its_words_with_their_spaces_put_right(command: Callable[..., Result], services: Services) -> None:
    said = command("holds", "place", "7", "--reason", " a  court\ncase ", "--as", " the owner ", *PLACE[4:])
    assert said.exit_code == 0
    with services.sessions() as session:
        (hold,) = session.scalars(select(Hold))
    assert (hold.reason, hold.owner) == ("a court case", "the owner")
