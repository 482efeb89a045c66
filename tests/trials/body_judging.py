"""Whether an answer is one that was promised, and what is kept no more than may be."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.integration.receiver import MARKS
from tests.trials.body_kinds import Case

ANSWERS = {202, 400, 401, 405, 413, 415, 429}
SHAPES = {
    "event_type": r"trigger|other|zen:event-type:[a-z0-9_]+\.[a-z0-9_]+",
    "invocation_id": r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}", "body_id": r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}",
    "webhook_id": r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}", "conversation_id": "[0-9][0-9A-Za-z._-]{7,63}|[0-9a-f]{24}",
    "ticket_id": "[1-9][0-9]*", "user_id": "[1-9][0-9]*", "event_at": r"[0-9T:.+-]+", "received_at": r"[0-9T:.+-]+",
    "id": "[0-9]+", "attempts": "0", "put_offs": "0", "set_aside_at": r"[0-9T:.+-]+", "error_class": "UnknownEvent",
    "request_id": "[0-9a-f]{16}|[0-9a-f-]{32,36}",
}  # fmt: skip


@dataclass
class Tally:
    """What was answered, and what was wrong with it."""

    answers: Counter[str] = field(default_factory=Counter)
    recorded: set[str] = field(default_factory=set)
    rows: int = 0
    faults: list[str] = field(default_factory=list)


def judge(tally: Tally, case: Case, status: int, headers: dict[str, str], body: bytes, where: str) -> None:
    """Note what is wrong with an answer."""
    said = json.loads(body) if body and body[:1] == b"{" else {}
    is_new = status == 202 and said.get("status") == "recorded"
    tally.answers[f"{status} {said.get('status', '')}"] += 1
    tally.recorded |= {case.invocation} if is_new else set()
    wrong = {
        "not one of the promised": status not in ANSWERS,
        "no Retry-After": status in (429, 503) and not 0 < int(headers.get("Retry-After", "0")) < 60,
        "forged and taken": status == 202 and not case.genuine,
        "genuine and not taken": case.right and status != 202,
        "twice": is_new and case.repeats,
        "new and taken for known": case.right and status == 202 and not is_new and not case.repeats,
        "not in the one shape": status != 202 and case.method != "HEAD" and said.get("code") != status,
        "says too much": any(mark.encode() in body.lower() for mark in MARKS),
    }
    tally.faults += [f"{where}: {what} ({status})" for what, is_so in wrong.items() if is_so]


def judge_what_is_kept(tally: Tally, rows: list[dict[str, Any]]) -> None:
    tally.rows += len(rows)
    recorded = sum(count for said, count in tally.answers.items() if said == "202 recorded")
    if tally.rows != recorded:
        tally.faults.append(f"{recorded} were acknowledged as new and {tally.rows} are kept")
    if (kept := {row["invocation_id"] for row in rows if re.fullmatch(r"t\d+", row["invocation_id"] or "")}) != (
        wanted := tally.recorded - {""}
    ):
        tally.faults.append(f"kept and not acknowledged: {kept - wanted}; the other way round: {wanted - kept}")
    for row in rows:
        shapeless = [name for name, value in row.items() if not _has_shape(name, value)]
        if shapeless or any(mark in json.dumps(row).lower() for mark in MARKS):
            tally.faults.append(f"row {row['id']} holds what it must not: {shapeless}")


def _has_shape(name: str, value: object) -> bool:
    return value is None or (name in SHAPES and re.fullmatch(SHAPES[name], str(value)) is not None)
