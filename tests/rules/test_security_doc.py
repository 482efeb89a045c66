"""docs/security.md says of every route who may, and which test shows it."""

import re
from pathlib import Path

from flask import Flask

from support_bridge.people.doors import MARK, OPEN
from support_bridge.people.values import Role

ROW = re.compile(r"^\| `([A-Z]+) ([^`]+)` \| (.+?) \| `(\S+?)::(\w+)` \|$", flags=re.MULTILINE)
OPEN_TO = ("everybody", "whoever signs as Zendesk", "whomever the sidebar was opened for")
LIMITS = re.compile(r"\(.*?\)")  # of a number in a path; not in the table
TABLE = ROW.findall(Path("docs/security.md").read_text())


def test_the_table_has_every_route_and_no_other(app: Flask) -> None:
    routes = [
        (method, LIMITS.sub("", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    assert sorted((method, rule) for method, rule, *_ in TABLE) == sorted(routes)


def test_it_names_the_roles_that_the_doors_ask_for(app: Flask) -> None:
    asked = {
        LIMITS.sub("", rule.rule): getattr(app.view_functions[rule.endpoint], MARK, None)
        for rule in app.url_map.iter_rules()
    }
    for _, rule, who, *_ in TABLE:
        named = set(re.findall("`([a-z]+)`", who))
        assert named == (set() if asked[rule] in (None, frozenset(Role)) else asked[rule]), rule
        assert (who in OPEN_TO) == (rule in OPEN), rule


def test_the_tests_that_it_names_are_there() -> None:
    for *_, file, name in TABLE:
        assert re.search(rf"^def {name}\(", Path(file).read_text(), flags=re.MULTILINE), f"{file}::{name}"
