"""A server that runs on its own, known by its pid file: found, ended, waited for."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

STOP_SECONDS = 20


@dataclass(frozen=True)
class Daemon:
    """What tells our server from any other process: its pid file, its program, and the folder it works in."""

    pid_file: Path
    program: str
    folder: Path

    def process(self) -> psutil.Process | None:
        """The running process, or None. The pid file outlives a killed server; its number may be reused."""
        try:
            process = psutil.Process(int(self.pid_file.read_text().split()[0]))
            ours = process.name().startswith(self.program) and self._works_here(process)
            return process if ours and process.status() != psutil.STATUS_ZOMBIE else None
        except (OSError, ValueError, IndexError, psutil.Error):
            return None

    def end(self, signal_number: int) -> None:
        """Send the signal and wait until it is gone; kill it when it will not go."""
        process = self.process()
        if process is None:
            return
        with suppress(psutil.NoSuchProcess):  # it may go by itself meanwhile
            process.send_signal(signal_number)
            if not until(lambda: self.process() is None, STOP_SECONDS):
                process.kill()

    def _works_here(self, process: psutil.Process) -> bool:
        return str(self.folder) in " ".join([*process.cmdline(), process.cwd()])


def until(true: Callable[[], bool], seconds: float) -> bool:
    """Wait until it is true; False when it was not within so many seconds."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
