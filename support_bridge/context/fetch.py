"""Ask the sources side by side, within one time; one that does not answer leaves its part empty and says so."""

from concurrent.futures import Future
from datetime import datetime
from time import monotonic
from typing import NamedTuple, TypeVar

from support_bridge.beside import begin
from support_bridge.context.parts import Parts
from support_bridge.context.rules import NOT_BY_APPLY, is_provider_code
from support_bridge.context.values import Answered, Found, Question, Unavailable
from support_bridge.errors import NotFound, SupportBridgeError, TryAgain
from support_bridge.teacher_training.cycles import with_inactive_dates
from support_bridge.teacher_training.publish import Publish
from support_bridge.teacher_training.values import Cycle, Match, Provider, kind_of

T = TypeVar("T")

PUBLISH, APPLY, TIMETABLES = "publish", "apply", "timetables"


class OfPublish(NamedTuple):
    """The one provider that was meant, or those that may have been."""

    provider: Provider | None
    matches: tuple[Match, ...] = ()
    is_known: bool = True  # else nothing is there by those words: the matches are near to them


def fetch(question: Question, parts: Parts, now: datetime) -> Found:
    """What the sources say of the provider and the candidate that were asked for, and of nothing else."""
    gathered = Gathered(monotonic() + parts.seconds, now)
    words, candidate, publish, apply = question.provider, question.candidate, parts.publish, parts.apply
    timetables = parts.timetables
    is_candidate = candidate is not None and kind_of(candidate) == "candidate"
    # All are begun before any is waited for.
    providers = begin(lambda: _of_publish(publish, words, now)) if words and publish else None
    application = begin(lambda: apply.application(candidate)) if candidate and is_candidate and apply else None
    cycle = begin(lambda: timetables.cycle(now)) if timetables else None
    of_publish = gathered.take(PUBLISH, providers, words) or OfPublish(None)
    of_apply = gathered.take(APPLY, application, candidate if is_candidate else None)
    cycle_now = gathered.take(TIMETABLES, cycle)
    if candidate and not is_candidate:
        gathered.missing.append(Unavailable(APPLY, NOT_BY_APPLY))
    if not of_publish.is_known:
        gathered.missing.append(Unavailable(PUBLISH, "Publish has no such provider in this cycle"))
    return Found(
        provider=of_publish.provider,
        application=with_inactive_dates(of_apply, cycle_now) if of_apply and cycle_now else of_apply,
        unavailable=tuple(gathered.missing),
        matches=of_publish.matches,
        cycle=cycle_now,
        answered=tuple(gathered.answered),
    )


class Gathered:
    """The answers as they are taken, until the time is over, and what did not come."""

    def __init__(self, until: float, now: datetime) -> None:
        self.answered: list[Answered] = []
        self.missing: list[Unavailable] = []
        self._until, self._now = until, now

    def take(self, source: str, answer: "Future[T] | None", asked: object = None) -> T | None:
        """The source's answer; None for one that was not asked, or did not answer. `asked` for, but not set up here,
        is missing too."""
        if answer is None:
            if asked:
                self.missing.append(Unavailable(source, "not set up here"))
            return None
        try:
            said = answer.result(max(self._until - monotonic(), 0))
        except TimeoutError:
            self.missing.append(Unavailable(source, "did not answer in time", retry=True))
        except SupportBridgeError as error:
            self.missing.append(Unavailable(source, str(error), retry=isinstance(error, TryAgain)))
        else:
            self.answered.append(Answered(source, _read_at(said) or self._now))
            return said
        return None


def _of_publish(publish: Publish, words: str, now: datetime) -> OfPublish:
    """By its code; by anything else it is looked for, and shown where only one is meant. Raises what Publish raises."""
    if not is_provider_code(words):
        found = publish.find(words, now)
        if len(found) == 1:
            return OfPublish(publish.provider(found[0].code, now))
        return OfPublish(None, found, is_known=bool(found))
    try:
        return OfPublish(publish.provider(words, now))
    except NotFound:
        return OfPublish(None, _near(publish, words), is_known=False)


def _near(publish: Publish, code: str) -> tuple[Match, ...]:
    try:
        return publish.near(code)
    except SupportBridgeError:
        return ()  # that there is no such provider is known all the same


def _read_at(said: object) -> datetime | None:
    if isinstance(said, OfPublish):
        return said.provider.read_at if said.provider else None
    return said.read_at if isinstance(said, Cycle) else None
