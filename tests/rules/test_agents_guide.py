"""The guide for agents speaks of the sidebar as it is: its words, its pictures."""

import re
from pathlib import Path

GUIDE = Path("docs/for-agents.md").read_text()
SIDEBAR = Path("support_bridge/context/sidebar")
SAID = "\n".join(path.read_text() for path in sorted(SIDEBAR.rglob("*")) if path.suffix in {".html", ".py"})
SAID += "".join(Path(f"support_bridge/context/{name}.py").read_text() for name in ("rules", "fetch", "by_macro"))


def test_every_picture_is_there_and_none_is_forgotten() -> None:
    shown = set(re.findall(r"pictures/(sidebar-[a-z]+\.png)", GUIDE))
    assert shown
    assert [name for name in shown if not Path("docs/pictures", name).exists()] == []
    assert {path.name for path in Path("docs/pictures").glob("sidebar-*.png")} == shown


def test_every_button_and_field_that_it_names_is_on_a_page() -> None:
    named = set(re.findall(r"\*\*([A-Z][^*]+)\*\*", GUIDE)) - {"You never see here"}
    assert named
    assert [words for words in named if words not in SAID] == []


def test_what_it_quotes_is_what_the_pages_say() -> None:
    table = GUIDE.split("## When something is wrong")[1]
    quoted = re.findall(r'^\| .*?"([^"]+)"', table, re.MULTILINE)
    assert len(quoted) > 5
    assert [words for words in quoted if words.casefold() not in SAID.casefold()] == []
