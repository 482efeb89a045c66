"""sandbox/README.md names every option and every path of the control path."""

import re
from dataclasses import fields
from pathlib import Path

from sandbox.account.options import Options
from sandbox.app import create_app

README = Path("sandbox/README.md").read_text()
OPTIONS, CONTROL = README.partition("## Options")[2].split("## The control path")


def test_every_option_is_named_with_its_default_and_no_other() -> None:
    named: dict[str, str] = {}
    for row in re.findall(r"^\| `[A-Z].*", OPTIONS, re.MULTILINE):
        _, first, second, *_ = (cell.strip() for cell in row.split("|"))
        names, defaults = re.findall(r"`([A-Z_]+)`", first), second.split(", ")
        named |= dict(zip(names, defaults if len(defaults) == len(names) else defaults * len(names), strict=True))
    assert named == {field.name.upper(): _said(field.name, field.default) for field in fields(Options)}


def test_every_part_of_the_control_path_is_named() -> None:
    rules = {rule.rule for rule in create_app().url_map.iter_rules() if rule.rule.startswith("/_sandbox/")}
    parts = {rule.split("/")[2] for rule in rules}
    assert {part for part in parts if f"/{part}" not in CONTROL} == set()


def _said(name: str, default: object) -> str:
    if name == "today":
        return "today"
    if isinstance(default, bool):
        return str(int(default))
    return f"{default:g}" if isinstance(default, float) else str(default)
