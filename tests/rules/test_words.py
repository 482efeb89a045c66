"""The words of the project, and what its files may say."""

import json
import re
import subprocess
from pathlib import Path

UNWANTED_NAMES = {"utils", "helpers", "manager", "common", "base"}


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [Path(name) for name in names if Path(name).is_file()]


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in tracked() if path.suffix == ".py" and path.stem in UNWANTED_NAMES] == []


def test_the_lock_files_name_hashes_and_no_host() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = Path(name).read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--index-url|--find-links", text)


def test_npms_lock_file_names_hashes_and_no_host() -> None:
    packages = json.loads(Path("package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        package.pop("funding", None)  # where to thank whoever made it, not where it is had from
        assert name == "" or package["integrity"].startswith("sha512-")
    assert "resolved" not in json.dumps(packages)
    assert "://" not in json.dumps(packages)


def test_every_pinned_requirement_has_a_hash() -> None:
    text = Path("requirements-dev.txt").read_text().replace("\\\n", " ")
    pins = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
    assert pins
    assert [pin for pin in pins if "--hash=" not in pin] == []
