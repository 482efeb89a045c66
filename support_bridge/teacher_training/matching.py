"""Which providers somebody means by a code, a number, or a part of a name. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from support_bridge.teacher_training.values import PROVIDER, Match

MOST = 10
SHORTEST = 2  # letters; a single one means nothing
UKPRN = "[0-9]{8}"
URN = "[0-9]{5,6}"


@dataclass(frozen=True)
class Listed:
    """A provider in the list of all."""

    code: str
    name: str
    ukprn: str | None
    urn: str | None


def best(words: str, listed: Iterable[Listed]) -> tuple[Match, ...]:
    """Those that are meant, at most ten, best first: by code, UKPRN or URN, or by name."""
    wanted = words.strip()
    if re.fullmatch(f"{UKPRN}|{URN}", wanted):
        found = [(0, one) for one in listed if wanted in (one.ukprn, one.urn)]
    else:
        found = [(rank, one) for one in listed if (rank := _rank(wanted, one)) is not None]
    found.sort(key=lambda ranked: (ranked[0], plain(ranked[1].name), ranked[1].code))
    return tuple(Match(one.code, one.name) for _, one in found[:MOST])


def plain(text: str) -> str:
    """For comparing: small letters and digits, a space between words, no accents; St. Mary's and st marys are one."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(one for one in letters if not unicodedata.combining(one) and one not in "'’‘`")
    return " ".join(re.sub(r"[\W_]+", " ", kept).split())


def _rank(wanted: str, one: Listed) -> int | None:
    """Less is better; None is no match. Every word must be there, in whatever order."""
    if re.fullmatch(PROVIDER.pattern, wanted.upper()) and wanted.upper() == one.code:
        return 0
    asked, name = plain(wanted), plain(one.name)
    if len(asked.replace(" ", "")) < SHORTEST or not all(word in name for word in asked.split()):
        return None
    if name == asked:
        return 1
    if name.startswith(asked):
        return 2
    begins = all(any(part.startswith(word) for part in name.split()) for word in asked.split())
    return 3 if begins else 4
