"""Ask the sources side by side; one that does not answer leaves its part empty and says so."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from support_bridge.context.values import Found, Question, Unavailable
from support_bridge.errors import SupportBridgeError
from support_bridge.teacher_training.apply import Apply
from support_bridge.teacher_training.publish import Publish

T = TypeVar("T")


def fetch(question: Question, publish: Publish | None, apply: Apply | None, now: datetime) -> Found:
    """What the sources say of the provider and the candidate that were asked for, and of nothing else."""
    code, candidate = question.provider, question.candidate
    missing: list[Unavailable] = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        provider = pool.submit(publish.provider, code, now) if code and publish else None
        application = pool.submit(apply.application, candidate) if candidate and apply else None
        found = _result("publish", provider, missing), _result("apply", application, missing)
    if code and publish is None:
        missing.append(Unavailable("publish", "not set up here"))
    if candidate and apply is None:
        missing.append(Unavailable("apply", "not set up here"))
    return Found(*found, tuple(missing))


def _result(source: str, future: "Future[T] | None", missing: list[Unavailable]) -> T | None:
    if future is None:
        return None
    try:
        return future.result()
    except SupportBridgeError as error:
        missing.append(Unavailable(source, str(error)))
        return None
