"""Ask several at once. A thread each: what is asked waits for others' answers, and hardly computes."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from contextvars import copy_context
from threading import Thread
from typing import TypeVar

T = TypeVar("T")
S = TypeVar("S")


def begin(ask: Callable[[], T]) -> "Future[T]":
    """Ask now; the answer, or the error, when it is there.

    Whoever stops waiting leaves the thread to the timeouts of what it asks: it holds nobody up, also not the end of a
    command, which it would as one of a pool's. What is logged there bears the request's id, as here.
    """
    answer: Future[T] = Future()
    here = copy_context()

    def run() -> None:
        try:
            answer.set_result(here.run(ask))
        except BaseException as error:  # it is raised where the answer is taken
            answer.set_exception(error)

    Thread(target=run, daemon=True, name="context").start()
    return answer


def both(one: Callable[[], T], other: Callable[[], S]) -> tuple[T, S]:
    """Two answers, asked for at once. Raises what the one raises, else what the other does, but never before both have
    ended: nothing goes on behind an answer."""
    begun = begin(other)
    try:
        found = one()
    finally:
        wait([begun])
    return found, begun.result()
