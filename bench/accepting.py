"""How quickly deliveries are accepted: each committed and known again, beside a view that does nothing and beside the
plain way, which verifies and enqueues the payload in Redis. The same gunicorn settings, the same requests."""

from bench.accepting_deliveries import deliveries
from bench.accepting_senders import Sent, send
from bench.accepting_stage import Served, served
from bench.report import ROUNDS, Goal, Row

SENDERS = (16, 64)
COUNT = 1500  # each way, each round: a second or two
ACCEPTED = 202
Round = tuple[Sent, Sent, Sent]


def run(rounds: int = ROUNDS, count: int = COUNT) -> list[Row]:
    """Rows for each number of senders. Takes about two minutes."""
    with served() as here:
        empty, plain = here.plain("empty"), here.plain("enqueuing")
        _round(here, empty, plain, SENDERS[0], 200)  # whatever is only made at the first request
        found = {senders: [_round(here, empty, plain, senders, count) for _ in range(rounds)] for senders in SENDERS}
    return [row for senders, each in found.items() for row in _rows(senders, each)]


def _round(here: Served, empty: str, plain: str, senders: int, count: int) -> Round:
    here.forget()
    requests = deliveries(count)
    ours = _all_accepted(send(here.ours, requests, senders))
    if (kept := here.kept()) != count:
        raise SystemExit(f"{count} were acknowledged and {kept} are committed")
    enqueued = _all_accepted(send(plain, requests, senders))
    nothing = _all_accepted(send(empty, requests, senders))
    return ours, enqueued, nothing


def _all_accepted(sent: Sent) -> Sent:
    if set(sent.statuses) != {ACCEPTED}:
        raise SystemExit(f"answered {dict(sent.statuses)}")
    return sent


def _rows(senders: int, rounds: list[Round]) -> list[Row]:
    ours, plain, nothing = zip(*rounds, strict=True)
    speed = [one.per_second for one in ours]
    return [
        Row(
            f"{senders} senders: accepted a second, beside enqueuing in the view",
            speed,
            [one.per_second for one in plain],
            Goal(0.7, of_ratio=True),
        ),
        Row("… beside a view that does nothing", speed, [one.per_second for one in nothing]),
        Row(
            "… p99, ms, beside enqueuing in the view",
            [1000 * one.p99 for one in ours],
            [1000 * one.p99 for one in plain],
            Goal(2, at_least=False, of_ratio=True),
        ),
    ]
