"""Failures made to order: what befalls the next calls that match. What each does is in the modules beside this one."""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from urllib.parse import parse_qsl

from sandbox.request_log import ticket_ids

SHAPES = ("text", "error", "description", "object", "list", "html", "empty", "space", "json_lie")
CUTS = ("", "before", "after", "body")
PAGINGS = ("", "stuck", "circle", "lost", "repeated", "backwards")
CURSORS = ("cursor", "page", "page[after]", "page[before]", "start_id")
SPENT_KEPT = 200
LONGEST = 86_400.0  # seconds
Pages = tuple[str, str, str]


@dataclass
class Fault:
    """The order as it came, and what has become of it. With a `ticket` only what asks for that one is struck, by its
    path or among the ids of a batch. `walks` are by path: see `pages`."""

    method: str = "*"
    path_prefix: str = "/"
    query: dict[str, str] = field(default_factory=dict)
    ticket: int | None = None
    status: int | None = None
    shape: str = "text"
    code: str = ""
    retry_after: float | str | None = None
    slow_seconds: float = 0.0
    cut: str = ""
    drip_seconds: float = 0.0
    drip_bytes: int = 16
    paging: str = ""
    times: int = 1
    after: int = 0
    struck: int = 0
    number: int = 0
    walks: dict[str, Pages] = field(default_factory=dict)

    def matches(self, method: str, path: str, query: Mapping[str, str]) -> bool:
        if self.method not in ("", "*", method) or not path.startswith(self.path_prefix):
            return False
        if self.ticket is not None and self.ticket not in ticket_ids(path, query.get("ids", "")):
            return False
        return all(query.get(name) == value for name, value in self.query.items())

    def strikes(self) -> bool:
        """Count a call that matches, and say whether it is struck."""
        if self.after > 0:
            self.after -= 1
            return False
        self.struck += 1
        return True

    def pages(self, path: str) -> Pages:
        """Of the walk there: the queries of its first page, of the one before, and of the one that was turned to."""
        return self.walks.get(path, ("", "", ""))

    def turn_to(self, path: str, query_string: str, query: Mapping[str, str]) -> None:
        """Keep the first page of the walk there and the last two, for the faults of paging."""
        first, _, before = self.walks.get(path, (query_string,) * 3)
        if _begins(query, first):
            first = before = query_string
        self.walks[path] = first, before, query_string

    def shown(self) -> dict[str, Any]:
        shown = asdict(self)
        del shown["walks"]
        return shown | {"left": self.times - self.struck}


def _begins(query: Mapping[str, str], first: str) -> bool:
    """Whether it is a first page: without a cursor, and for an export by time no later than the walk began."""
    if any(name in query for name in CURSORS):
        return False
    return _start_time(query) <= _start_time(dict(parse_qsl(first)))


def _start_time(query: Mapping[str, str]) -> int:
    given = query.get("start_time", "")
    return int(given) if given.isdigit() else 0


ORDERED = {one.name for one in fields(Fault)} - {"struck", "number", "walks"}
TEXTS = ("method", "path_prefix", "shape", "code", "cut", "paging")


def ordered(asked: Mapping[str, Any]) -> Fault:
    """Read an order. Raises ValueError or TypeError, in words for whoever ordered it."""
    if unknown := asked.keys() - ORDERED:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    _check_kinds(asked)
    fault = Fault(**asked)
    fault.method, fault.query = fault.method.upper(), {name: str(value) for name, value in fault.query.items()}
    fault.status = None if fault.status is None else int(fault.status)
    fault.ticket = None if fault.ticket is None else int(fault.ticket)
    fault.times, fault.after, fault.drip_bytes = int(fault.times), int(fault.after), int(fault.drip_bytes)
    fault.slow_seconds, fault.drip_seconds = float(fault.slow_seconds), float(fault.drip_seconds)
    if min(fault.times, fault.drip_bytes) < 1:
        raise ValueError("times and drip_bytes are 1 or more")
    if not all(0 <= seconds <= LONGEST for seconds in (fault.slow_seconds, fault.drip_seconds)):
        raise ValueError(f"slow_seconds and drip_seconds are from 0 to {LONGEST:.0f}")
    if fault.status is not None and not 200 <= fault.status <= 599:
        raise ValueError("status is from 200 to 599")
    if fault.shape not in SHAPES or fault.cut not in CUTS or fault.paging not in PAGINGS:
        raise ValueError(f"shapes are {SHAPES}, cuts are {CUTS[1:]}, pagings are {PAGINGS[1:]}")
    if not any((fault.status, fault.slow_seconds, fault.cut, fault.drip_seconds, fault.paging)):
        raise ValueError("nothing to do: give it a status, or slow_seconds, cut, drip_seconds or paging")
    return fault


def _check_kinds(asked: Mapping[str, Any]) -> None:
    for name in TEXTS:
        if not isinstance(asked.get(name, ""), str):
            raise TypeError(f"{name} is a text")
    if not isinstance(asked.get("query", {}), dict):
        raise TypeError("query is an object")
    wait = asked.get("retry_after")
    if wait is not None and (not isinstance(wait, str | int | float) or not str(wait).isprintable()):
        raise TypeError("retry_after is a number, or a text of one line")


class Faults:
    """Those that wait, and the last that have struck as often as they were told to."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.spent: deque[Fault] = deque(maxlen=SPENT_KEPT)
        self._last = 0

    def add(self, fault: Fault) -> int:
        self._last += 1
        fault.number = self._last
        self.waiting.append(fault)
        return fault.number

    def clear(self) -> None:
        self.waiting.clear()
        self.spent.clear()

    def take(self, method: str, path: str, query_string: str = "") -> Fault | None:
        """The first that strikes this call."""
        query = dict(parse_qsl(query_string))
        for fault in self.waiting:
            if not fault.matches(method, path, query):
                continue
            if fault.paging:
                fault.turn_to(path, query_string, query)
            if fault.strikes():
                if fault.struck >= fault.times:
                    self.waiting.remove(fault)
                    self.spent.append(fault)
                return fault
        return None
