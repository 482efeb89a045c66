"""The README says what is true."""

import re
from dataclasses import fields
from pathlib import Path

from support_bridge.settings import DeletingSettings, Settings

README = Path("README.md").read_text()


def test_the_table_of_settings_is_the_settings() -> None:
    named = [field.name.upper() for kind in (Settings, DeletingSettings) for field in fields(kind)]
    table = re.findall(r"^\| `([A-Z_]+)` \|", README, flags=re.MULTILINE)
    assert sorted(table) == sorted(named)


def test_every_make_target_that_it_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", Path("Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", README)) <= targets


def test_every_file_that_it_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not Path(link).exists()] == []
