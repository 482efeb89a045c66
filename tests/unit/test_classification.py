"""Every column says what it is."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from support_bridge.people.rules import still_counts
from support_bridge.store.classification import Unclassified, Whose, check, classification, columns, data_map, kept
from support_bridge.tables import metadata

GOOD = kept("a number", whose=Whose.NOBODY, why="to count", until="tomorrow")


def test_every_column_of_ours_is_classified() -> None:
    check(metadata)
    assert len(columns(metadata)) > 50


@pytest.mark.parametrize(
    "info", [{}, {"kept": "a number"}, kept("", whose=Whose.NOBODY, why="x", until="x"), GOOD | {"kept": None}]
)
def test_one_column_that_says_nothing_stops_the_start_by_name(info: dict[str, object]) -> None:
    tables = MetaData()
    Table("t", tables, Column("good", Integer, info=GOOD), Column("bad", Integer, info=info))
    with pytest.raises(Unclassified, match=r"t\.bad$"):
        check(tables)


def test_no_column_is_about_a_person_of_the_public_but_the_candidate_that_was_looked_up() -> None:
    about = {
        str(column)
        for column in columns(metadata)
        if (said := classification(column)) and said.whose is Whose.CANDIDATE
    }
    assert about == {"look_up.candidate"}


def test_the_data_map_has_a_row_for_every_column() -> None:
    rows = [line for line in data_map(metadata).splitlines() if line.startswith("| `")]
    assert len(rows) == len(columns(metadata))


def test_a_token_counts_until_it_ends_or_is_revoked() -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    later = now + timedelta(seconds=1)
    assert still_counts(later, None, now)
    assert not still_counts(now, None, now)
    assert not still_counts(later, now - timedelta(days=1), now)
