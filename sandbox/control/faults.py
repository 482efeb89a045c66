"""Failures made to order: the next calls that match are answered with the status asked for."""

from dataclasses import dataclass


@dataclass(slots=True)
class Fault:
    method: str
    path_prefix: str
    status: int
    times: int
    retry_after: int | None = None

    def matches(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in ("", "*", method) and path.startswith(self.path_prefix)


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, method: str, path: str) -> Fault | None:
        for fault in self._waiting:
            if fault.matches(method, path):
                fault.times -= 1
                return fault
        return None
