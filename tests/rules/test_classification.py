"""Every column says what it is."""

from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table

from support_bridge.store.classification import Unclassified, Whose, check, data_map, kept
from support_bridge.tables import metadata


def test_every_column_says_what_it_is_whose_why_and_until_when() -> None:
    check(metadata)


@pytest.mark.parametrize("info", [{}, kept("a number", whose=Whose.NOBODY, why="", until="never")])
def test_a_column_that_does_not_stops_the_start(info: dict[str, object]) -> None:
    silent = MetaData()
    Table("new", silent, Column("secret", BigInteger, info=info))
    with pytest.raises(Unclassified, match=r"new\.secret"):
        check(silent)


def test_the_data_map_is_what_the_columns_say() -> None:
    assert Path("docs/data-map.md").read_text() == data_map(metadata), "make data-map"
