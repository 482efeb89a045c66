"""The README's pictures: `make pictures` takes them anew, of the pages as they are."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.test_journeys import fill_in_a_hold

PICTURES = Path("docs/pictures")
SHOWN = {
    "start": ("several", "/", {"width": 1080, "height": 620}),
    "insights": ("insights", "/insights?metric=first_reply", {"width": 1080, "height": 1180}),
    "holds": ("retention", "/holds", {"width": 1080, "height": 1000}),
    "api": ("insights", "/api/docs", {"width": 1080, "height": 900}),
}


@pytest.mark.parametrize("name", SHOWN)
def test_take(name: str, page: Page, sign_in: Callable[..., None]) -> None:
    who, path, size = SHOWN[name]
    page.set_viewport_size(size)
    if name == "holds":
        sign_in(page, "rights", path)
        fill_in_a_hold(page)
        page.get_by_role("button", name="Place hold").click()
    sign_in(page, who, path)
    page.screenshot(path=PICTURES / f"{name}.png")
