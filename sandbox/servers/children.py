"""Processes that a holder started: written down, so that a killed holder's are ended and no one else's."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

PATIENCE_SECONDS = 5
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Child:
    """A process and who started it, each with when it was born: numbers are used again."""

    pid: int
    born: str
    parent: int
    parent_born: str


def record(folder: Path, pid: int) -> None:
    """Write down a process that this one started."""
    (folder / "children").mkdir(exist_ok=True)
    child = Child(pid, _born(pid), os.getpid(), _born(os.getpid()))
    # Moved there when whole: whoever reads half a note would not know whom to end.
    half = folder / f"child-{pid}"
    half.write_text(json.dumps(asdict(child)))
    half.replace(folder / "children" / str(pid))


def forget(folder: Path, pid: int) -> None:
    """The process was ended in good order."""
    (folder / "children" / str(pid)).unlink(missing_ok=True)


def end_orphans(folder: Path) -> None:
    """End every written-down process whose starter is gone, and what it started itself."""
    for note, child in _written_down(folder):
        if not _lives(child.parent, child.parent_born):
            _end(note, child)


def end_all(folder: Path) -> None:
    """End every written-down process: for when nobody holds the servers. Not by asking whether the starters live:
    the kernel drops a killed process's locks before it is dead, and who looks in between would take it for alive."""
    for note, child in _written_down(folder):
        _end(note, child)


def _written_down(folder: Path) -> Iterator[tuple[Path, Child]]:
    for note in (folder / "children").glob("*"):
        try:
            yield note, Child(**json.loads(note.read_text()))
        except (OSError, ValueError, TypeError):  # forgotten meanwhile, or not a note
            continue


def _end(note: Path, child: Child) -> None:
    """One that cannot be ended keeps its note, and keeps nobody from ending the others."""
    try:
        if _lives(child.pid, child.born):
            _end_tree(psutil.Process(child.pid))
    except psutil.AccessDenied:
        return
    except psutil.NoSuchProcess:
        pass  # it ended by itself
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


def _born(pid: int) -> str:
    """When it was born, in words that are the same whoever asks and whatever happens to the machine's clock."""
    try:
        if BOOT_ID.exists():  # Linux's dates of birth, in psutil's public words, move with the clock
            ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
            return f"{BOOT_ID.read_text().strip()} {ticks}"
        return f"{psutil.Process(pid).create_time():.2f}"
    except (OSError, psutil.Error):
        return ""


def _lives(pid: int, born: str) -> bool:
    try:
        # A killed process is a zombie until its parent looks: dead already, for our purposes.
        dead = psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.Error:  # gone, or somebody else's, who was given its number
        return False
    return not dead and _born(pid) == born
