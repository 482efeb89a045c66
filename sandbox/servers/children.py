"""Processes that a holder started: written down, so that a killed holder's are ended and no one else's."""

import json
import os
from pathlib import Path

import psutil

PATIENCE_SECONDS = 5


def record(folder: Path, pid: int) -> None:
    """Write down a process that this one started, with its time of birth: numbers are used again."""
    ours = folder / "children"
    ours.mkdir(exist_ok=True)
    entry = {"pid": pid, "born": _born(pid), "parent": os.getpid(), "parent_born": _born(os.getpid())}
    (ours / str(pid)).write_text(json.dumps(entry))


def forget(folder: Path, pid: int) -> None:
    """The process was ended in good order."""
    (folder / "children" / str(pid)).unlink(missing_ok=True)


def end_orphans(folder: Path) -> None:
    """End every written-down process whose starter is gone, and what it started itself."""
    for note in (folder / "children").glob("*"):
        try:
            entry = json.loads(note.read_text())
        except (OSError, ValueError):
            continue
        if _is(entry["parent"], entry["parent_born"]):
            continue
        if _is(entry["pid"], entry["born"]):
            _end_tree(psutil.Process(entry["pid"]))
        note.unlink(missing_ok=True)


def _end_tree(process: psutil.Process) -> None:
    family = [*process.children(recursive=True), process]
    for member in family:
        _signal(member, kill=False)
    for member in psutil.wait_procs(family, timeout=PATIENCE_SECONDS)[1]:
        _signal(member, kill=True)


def _signal(process: psutil.Process, *, kill: bool) -> None:
    try:
        process.kill() if kill else process.terminate()
    except psutil.NoSuchProcess:
        return


def _born(pid: int) -> float:
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return 0.0


def _is(pid: int, born: float) -> bool:
    try:
        # A killed process is a zombie until its parent looks: dead already, for our purposes.
        dead = psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    return not dead and abs(_born(pid) - born) < 1.0
