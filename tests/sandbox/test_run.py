"""`make run`: one in a folder."""

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from sandbox.run import alone
from sandbox.servers.folder import servers_folder
from sandbox.stage import CHECKOUT

FIRST = dedent("""
    import sys, time
    from sandbox.run import alone
    from sandbox.stage import CHECKOUT
    with alone(CHECKOUT):
        print("runs", flush=True)
        time.sleep(120)
""")


def test_a_second_run_in_the_same_folder_is_refused_before_anything_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A cache of this test's own: somebody may be running it here, and must not be disturbed.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = servers_folder(CHECKOUT)
    assert folder.is_relative_to(tmp_path.resolve())
    first = subprocess.Popen([sys.executable, "-c", FIRST], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    assert first.stdout.readline() == "runs\n"
    second = subprocess.run(
        [sys.executable, "-m", "sandbox", "run"],
        cwd=CHECKOUT,
        env=os.environ | {"PORT": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == "make run is already running in this folder.\n"
    assert sorted(path.name for path in folder.iterdir()) == ["run.lock"]
    first.kill()
    first.communicate(timeout=30)
    with alone(CHECKOUT):
        pass  # whatever ended the first one, its lock went with it
