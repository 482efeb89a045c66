"""The import contracts say what they are to say."""

import tomllib
from pathlib import Path

PURE = "free_text"


def test_rules_may_import_nothing_of_the_store_but_free_text() -> None:
    contracts = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (rules,) = [contract for contract in contracts if contract["id"] == "rules"]
    store = {path.stem for path in Path("support_bridge/store").glob("*.py")} - {"__init__"}
    forbidden = {name for name in store if f"support_bridge.store.{name}" in rules["forbidden_modules"]}
    assert store - forbidden == {PURE}
