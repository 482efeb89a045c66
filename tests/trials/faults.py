"""Real processes, killed and starved at random moments while Zendesk speaks: is anything lost, or done twice?

`python -m tests.trials.faults [ROUNDS [DELIVERIES [FIRST_SEED]]]` plays seeded rounds and prints a line for each; the
exit code is 1 when something was lost, doubled or wrong. With 20 rounds of 10,000 deliveries it takes about an hour.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import psutil
import psycopg

from sandbox.servers import hold
from sandbox.servers.daemon import until
from sandbox.stage import CHECKOUT
from tests.trials.ground import MINUTE_SECONDS, Ground, ground

ROUNDS, DELIVERIES = 20, 10_000
CHUNK, CHUNK_SECONDS = 250, 1.0
TICKETS = 150  # that a chunk of events is about
REPEATED, NEVER_SENT, SHUFFLED = 0.2, 0.05, 100
SETTLED_SECONDS = 120
SHOW_MANY, SLOW_SECONDS = "/api/v2/tickets/show_many", 2.0
FROZEN_SECONDS = 6 * MINUTE_SECONDS  # a lease is two of Zendesk's minutes
LEAST_HEARD = 0.5  # of the events; with fewer a round would show little
BETWEEN, AWAY = (1.0, 6.0), (0.5, 3.0)  # seconds between two faults, and while a server is away
UNDONE = "SELECT count(*) FROM delivery WHERE settled_at IS NULL"
# Half a second of a lease, which is four seconds here, is longer than a quick read takes.
IN_HAND_FOR_LONG = "SELECT count(*) FROM delivery WHERE leased_until < now() + interval '3.5 seconds'"
SETTLEMENTS = "SELECT id, count(delivery_id) FROM delivery LEFT JOIN settlement ON delivery_id = id GROUP BY id"
MIRROR = "SELECT ticket_id, status, updated_at, first_reply, full_resolution, gone_at IS NOT NULL FROM mirrored_ticket"


@dataclass
class Found:
    """What one round was and did; `faults` names what went wrong, and is empty for a round that went well."""

    seed: int
    events: int = 0
    acknowledged: int = 0
    kept: int = 0
    met: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def line(self) -> str:
        met = ", ".join(f"{name} {count}" for name, count in sorted(self.met.items()))
        what = "; ".join(self.faults) or "nothing lost, nothing twice"
        return (
            f"seed {self.seed}: {self.events:,} events, {self.acknowledged:,} acknowledged, {self.kept:,} kept, "
            f"{self.seconds:.0f} s; {met}: {what}"
        )


class Trouble:
    """Faults at random moments, the same for the same seed as far as the machine's pace lets it be."""

    def __init__(self, here: Ground, random: Random) -> None:
        self.here, self.random, self.met = here, random, {}
        self.kinds: dict[str, Callable[[], None]] = {
            "web killed": lambda: here.restart("web"),
            "worker killed": lambda: here.restart("worker"),
            "other worker killed": lambda: here.restart("worker-2"),
            "clock killed": lambda: here.restart("clock"),
            "Redis killed": lambda: self._away(lambda: here.stop_redis(wipe=False), here.start_redis),
            "Redis wiped": lambda: self._away(lambda: here.stop_redis(wipe=True), here.start_redis),
            "PostgreSQL stopped": lambda: self._away(lambda: here.stop_postgres(kill=False), here.start_postgres),
            "PostgreSQL killed": lambda: self._away(lambda: here.stop_postgres(kill=True), here.start_postgres),
            "worker only thought dead": self._frozen,
        }
        self._waiting = self._shuffled()

    def next(self) -> None:
        """One of them; each kind comes once before any comes again."""
        if not self._waiting:
            self._waiting = self._shuffled()
        kind = self._waiting.pop()
        self.kinds[kind]()
        self.met[kind] = self.met.get(kind, 0) + 1

    def _away(self, stop: Callable[[], None], start: Callable[[], None]) -> None:
        stop()
        time.sleep(self.random.uniform(*AWAY))
        start()

    def _frozen(self) -> None:
        """Whoever works on a job stands still until its lease has long run out, and then goes on as if nothing were.
        In the middle of a read, with deliveries in hand: the next ones take a while."""
        slow = {"method": "GET", "path_prefix": SHOW_MANY, "slow_seconds": SLOW_SECONDS, "times": 4}
        self.here.control("POST", "faults", slow)
        until(lambda: self.here.value(IN_HAND_FOR_LONG) > 0, FROZEN_SECONDS)
        frozen = self.here.jobs("worker") or self.here.jobs("worker-2")
        for act, pause in ((psutil.Process.suspend, FROZEN_SECONDS), (psutil.Process.resume, 0)):
            for one in frozen:
                with suppress(psutil.NoSuchProcess):  # a job ends when it has done its work
                    act(one)
            time.sleep(pause)

    def _shuffled(self) -> list[str]:
        kinds = list(self.kinds)
        self.random.shuffle(kinds)
        return kinds


class Listener:
    """What Zendesk knows of its deliveries, asked for while they run: it forgets the oldest."""

    repeated = dropped = 0

    def __init__(self, here: Ground) -> None:
        self._here = here
        self.acknowledged: dict[str, str | None] = {}

    def look(self) -> int:
        """How many are still to be sent."""
        told = self._here.control("GET", "deliveries")
        self.repeated = max(self.repeated, sum(one["again"] for one in told["deliveries"]))
        self.dropped = told["fates"].get("dropped", 0)
        delivered = (one for one in told["deliveries"] if one["fate"] == "delivered")
        self.acknowledged |= {one["invocation_id"]: one["event_id"] for one in delivered}
        return int(told["waiting"])


def play(here: Ground, seed: int, deliveries: int, faults: int) -> Found:
    """One round: events in chunks and faults beside them, then peace, then the count."""
    random, found, began = Random(seed), Found(seed), time.monotonic()
    trouble, listener = Trouble(here, Random(f"{seed} trouble")), Listener(here)
    ends = "same" if seed % 2 else "new"
    here.control("PUT", "deliveries", {"drop": NEVER_SENT, "repeat": REPEATED, "repeat_ids": ends, "shuffle": SHUFFLED,
                                       "seed": seed})  # fmt: skip
    over, enough = threading.Event(), threading.Event()
    wanted = (here, random, deliveries, found, listener, over, enough)
    speaking = threading.Thread(target=_speak, args=wanted)
    speaking.start()
    while not over.is_set():
        time.sleep(trouble.random.uniform(*BETWEEN))
        trouble.next()
        if sum(trouble.met.values()) >= faults:
            enough.set()
    speaking.join()
    found.met = trouble.met
    found.faults += _peace(here, listener)
    found.acknowledged = len(listener.acknowledged)
    found.faults += [f"{name} ended by itself" for name in here.ended()]
    found.faults += _shows_little(found, listener, [kind for kind in trouble.kinds if kind not in trouble.met], faults)
    found.faults += _counted(here, listener, found)
    found.seconds = time.monotonic() - began
    return found


def _shows_little(found: Found, listener: Listener, unmet: list[str], faults: int) -> list[str]:
    """What would make a round pass without having tried anything."""
    little = {
        "too little was acknowledged for this to show anything": found.acknowledged < LEAST_HEARD * found.events,
        "nothing was sent twice": not listener.repeated,
        "nothing was left unsent": not listener.dropped,
        f"not met: {', '.join(unmet)}": bool(unmet) and faults >= len(unmet) + len(found.met),
    }
    return [words for words, is_so in little.items() if is_so]


def _speak(
    here: Ground,
    random: Random,
    deliveries: int,
    found: Found,
    listener: Listener,
    over: threading.Event,
    enough: threading.Event,
) -> None:
    """Tickets change, are made, go and come back; Zendesk says so, as it will."""
    try:
        while found.events < deliveries or not enough.is_set():
            wanted = {"events": CHUNK, "tickets": TICKETS, "seed": random.randrange(10**9), "queue": True}
            told = here.control("POST", "activity", wanted)
            some = random.sample(told["ticket_ids"], 2)
            here.control("POST", "tickets", {})
            here.zendesk("DELETE", f"tickets/{some[0]}.json")
            here.zendesk("DELETE", f"tickets/{some[1]}.json")
            here.zendesk("PUT", f"deleted_tickets/{some[1]}/restore.json")
            found.events += CHUNK + 4
            time.sleep(CHUNK_SECONDS)
            until(lambda: listener.look() < 2 * CHUNK, 60)
    except Exception as error:  # a thread's error would be seen by nobody
        found.faults.append(f"the round could not be played: {type(error).__name__}: {error}")
    finally:
        over.set()


def _peace(here: Ground, listener: Listener) -> list[str]:
    """Nothing goes wrong any more; nobody does anything. What is still undone, or not caught up, in the end."""
    faults = []
    if not until(lambda: _patiently(listener.look) == 0, SETTLED_SECONDS):
        faults.append("the sandbox still has something to deliver")
    if not until(lambda: here.value(UNDONE) == 0, SETTLED_SECONDS):
        return [*faults, f"{here.value(UNDONE)} deliveries are not settled"]
    if not until(lambda: not _different(here), SETTLED_SECONDS):
        different = _different(here)
        faults.append(f"{len(different)} tickets are not in the mirror as Zendesk has them, such as {different[:3]}")
    # What catching up found meanwhile.
    if not until(lambda: here.value(UNDONE) == 0, SETTLED_SECONDS):
        faults.append("what was caught up with is not settled")
    return faults


def _patiently(look: Callable[[], int]) -> int:
    time.sleep(0.5)
    return look()


def _counted(here: Ground, listener: Listener, found: Found) -> list[str]:
    """Of every delivery that Zendesk was told 202 for: kept, and settled once."""
    faults = []
    rows = here.rows("SELECT invocation_id, body_id FROM delivery WHERE event_type <> 'reconciled'")
    found.kept = len(rows)
    kept, bodies = {row[0] for row in rows}, {row[1] for row in rows}
    lost = [one for one, event in listener.acknowledged.items() if one not in kept and event not in bodies]
    settled = here.rows(SETTLEMENTS)
    checks: dict[str, Any] = {
        "acknowledged and lost": lost,
        "settled more than once": [one for one, count in settled if count > 1],
        "never settled": [one for one, count in settled if not count],
        "set aside": here.rows("SELECT id, error_class FROM delivery WHERE set_aside_at IS NOT NULL"),
    }
    faults += [f"{len(wrong)} {what}, such as {wrong[:3]}" for what, wrong in checks.items() if wrong]
    return faults


def _different(here: Ground) -> list[tuple[Any, ...]]:
    """The tickets whose row in the mirror is not as Zendesk has them."""
    try:
        mirror = {row[0]: row for row in here.rows(MIRROR)}
    except psycopg.OperationalError:
        return [("the database does not answer",)]
    wrong = []
    for one in here.control("GET", "tickets")["tickets"]:
        row = mirror.get(one["id"])
        if one["state"] == "live":
            wanted = (one["id"], one["status"], one["updated_at"], one["first_reply_minutes"],
                      one["full_resolution_minutes"], False)  # fmt: skip
            is_so = row is not None and (row[0], row[1], f"{row[2]:%Y-%m-%dT%H:%M:%SZ}", *row[3:]) == wanted
        else:
            is_so = row is None or row[5]
        if not is_so:
            wrong.append((one["id"], one["state"], one["status"], one["updated_at"], row))
    return wrong


def main(rounds: int = ROUNDS, deliveries: int = DELIVERIES, first: int = 1) -> int:
    """Play them; how many went wrong."""
    failed = 0
    with hold(CHECKOUT, {}) as shared:
        for seed in range(first, first + rounds):
            with tempfile.TemporaryDirectory() as logs, ground(Path(logs), shared.folder) as here:
                found = play(here, seed, deliveries, faults=9)
            print(found.line(), flush=True)
            failed += bool(found.faults)
    print(f"{rounds} rounds, {failed} of them went wrong")
    return failed


if __name__ == "__main__":
    raise SystemExit(1 if main(*map(int, sys.argv[1:])) else 0)
