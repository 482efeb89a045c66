"""What axe-core finds wrong with a page for people who see, hear or move otherwise."""

from typing import Any

import pytest
from playwright.sync_api import Frame, Page

from sandbox.stage import CHECKOUT

SOURCE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")


def axe(page: Page | Frame) -> list[str]:
    """A line for each serious or critical fault of a page or a frame: the rule, and where it is broken."""
    if not SOURCE.exists():
        pytest.fail(f"axe-core is missing: `make assets` installs {SOURCE.relative_to(CHECKOUT)}", pytrace=False)
    # Not as a script of the page's, which its content security policy would refuse.
    page.evaluate(SOURCE.read_text())
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run(document)).violations")
    return [_line(violation) for violation in found if violation["impact"] in GRAVE]


def _line(violation: dict[str, Any]) -> str:
    where = ", ".join(" ".join(map(str, node["target"])) for node in violation["nodes"])
    return f"{violation['id']} ({violation['impact']}): {violation['help']}: {where}"
