"""What the pages are made of fits together, and is only what an internal service may show."""

import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from support_bridge.web import static_files

PACKAGE = json.loads(Path("package.json").read_text())
TEMPLATES = sorted(Path("support_bridge").rglob("templates/**/*.html"))
SIDEBAR = [path for path in TEMPLATES if "sidebar" in str(path)]  # in Zendesk's frame: other styles, no nonce
PAGES = [path for path in TEMPLATES if path not in SIDEBAR]
STYLES = Path("support_bridge/web/styles/pages.scss").read_text()
CSS = (static_files.BUILT / "pages.css").read_text()
SIDEBAR_CSS = (static_files.BUILT / "sidebar.css").read_text()
UNSTYLED = {"footer", "header", "generic-header"}


def wanted(pattern: str, templates: list[Path] = TEMPLATES) -> set[str]:
    return {found for path in templates for found in re.findall(pattern, path.read_text())}


def test_every_npm_package_is_pinned_to_one_version() -> None:
    pins = PACKAGE["dependencies"] | PACKAGE["devDependencies"]
    assert pins
    assert [pin for pin in pins.values() if not re.fullmatch(r"\d+\.\d+\.\d+", pin)] == []


def test_the_styles_are_of_the_version_that_the_templates_are_written_for() -> None:
    assert (version("govuk-frontend-jinja"), PACKAGE["dependencies"]["govuk-frontend"]) == ("4.1.0", "6.3.0")
    assert re.search(r'--govuk-frontend-version: ?"6\.3\.0"', CSS)


def test_every_file_that_a_page_asks_for_is_built() -> None:
    asked = wanted(r"\basset\(['\"]([^'\"]+)['\"]\)")
    assert asked
    assert asked <= set(static_files.read())


def test_every_component_that_a_page_uses_has_its_styles() -> None:
    used = wanted(r"govuk_frontend_jinja/components/([a-z-]+)/macro\.html")
    styled = set(re.findall(r"govuk/components/([a-z-]+)\"", STYLES))
    assert used
    assert used - UNSTYLED <= styled


@pytest.mark.parametrize(("css", "templates"), [(CSS, PAGES), (SIDEBAR_CSS, SIDEBAR)], ids=["pages", "sidebar"])
def test_every_class_of_ours_is_in_the_styles(css: str, templates: list[Path]) -> None:
    ours = wanted(r"\b(sb-[a-z_-]+)", templates)
    assert ours
    assert [name for name in sorted(ours) if f".{name}" not in css] == []


def test_every_class_of_zendesks_that_the_sidebar_uses_is_in_its_styles() -> None:
    used = wanted(r"\b(c-[a-z_-]+)", SIDEBAR)
    assert {"c-btn", "c-field__input"} <= used
    assert [name for name in sorted(used) if f".{name}" not in SIDEBAR_CSS] == []


def test_the_sidebars_styles_fetch_nothing_and_keep_the_words_of_their_licence() -> None:
    assert re.findall(r"url\((?![\"']?data:)", SIDEBAR_CSS) == []
    assert "@import" not in SIDEBAR_CSS
    assert "Copyright Zendesk, Inc." in SIDEBAR_CSS
    assert "Apache License, Version 2.0" in SIDEBAR_CSS


def test_the_styles_hold_no_font_crown_or_crest_and_fetch_nothing() -> None:
    assert "arial" in CSS.lower()
    for unwanted in ("GDS Transport", "@font-face", "crest", "crown", "url(", "@import"):
        assert unwanted not in CSS


def test_no_template_holds_a_style_or_a_handler_that_the_policy_forbids() -> None:
    assert wanted(r"<[^>]*\s(style|on[a-z]+)=") == set()
    assert wanted(r"(<style)") == set()


def test_every_script_in_a_template_carries_the_nonce() -> None:
    assert [script for script in wanted(r"(<script[^>]*>)", PAGES) if "nonce=" not in script] == []


def test_every_script_of_the_sidebar_is_a_file() -> None:
    scripts = wanted(r"(<script[^>]*>[^<]*)", SIDEBAR)
    assert len(scripts) == 2
    assert all(re.search(r'src="\{\{ [^}]+ \}\}"[^>]*>$', script) for script in scripts)
