"""The Chromium of this machine, as bin/find-chromium finds it."""

import os
import subprocess

import pytest
from playwright.sync_api import Browser, Playwright

from sandbox.stage import CHECKOUT


def launch(playwright: Playwright) -> Browser:
    """With a fresh profile, without a window. Fails with one line where there is none."""
    # Playwright says the rest itself: no first run, no background networking, no component updates, no sync.
    return playwright.chromium.launch(
        executable_path=path(),
        args=["--disable-gpu", "--disable-quic"],
        chromium_sandbox=os.geteuid() != 0,  # root may not have one
    )


def path() -> str:
    """Where it is."""
    found = subprocess.run(["sh", str(CHECKOUT / "bin" / "find-chromium")], capture_output=True, text=True, timeout=30)
    if found.returncode != 0:
        pytest.fail(found.stderr.strip(), pytrace=False)
    return found.stdout.strip()
