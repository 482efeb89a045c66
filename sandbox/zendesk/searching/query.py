"""Zendesk's query language, as far as it is needed: support.zendesk.com 4408886879258."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sandbox.account.tickets import Ticket
from sandbox.zendesk.searching.terms import KEYWORDS, Matcher, words

TERM = re.compile(r'(-?)(?:([A-Za-z]\w*)(:|<=|>=|<|>))?("[^"]*"|\S+)')
CUSTOM_FIELD = "custom_field_"
SORTING = {"order_by": "sort_by", "sort": "sort_order"}


@dataclass(frozen=True)
class Term:
    keyword: str
    operator: str
    value: str
    negated: bool


@dataclass(frozen=True)
class Query:
    """`sorting` is what the query itself says of `sort_by` and `sort_order`."""

    matches: Callable[[Ticket], bool]
    sorting: dict[str, str]


def read(text: str, now: datetime) -> Query:
    terms = [_term(*found) for found in TERM.findall(text)]
    sorting = {SORTING[term.keyword]: term.value for term in terms if term.keyword in SORTING}
    return Query(_together([term for term in terms if term.keyword not in SORTING], now), sorting)


def _term(minus: str, keyword: str, operator: str, value: str) -> Term:
    """What has an unknown keyword is a word like any other."""
    keyword, bare = keyword.lower(), value.strip('"')
    if keyword in KEYWORDS or keyword in SORTING or keyword.startswith(CUSTOM_FIELD):
        return Term(keyword, operator, bare, bool(minus))
    return Term("", "", f"{keyword}{operator}{bare}", bool(minus))


def _together(terms: list[Term], now: datetime) -> Callable[[Ticket], bool]:
    """All must hold; of one keyword's several values one is enough, unless they are bounds or words."""
    every: list[Matcher] = []
    one_of: dict[str, list[Matcher]] = {}
    for term in terms:
        matcher = _matcher(term, now)
        if term.negated:
            every.append(_not(matcher))
        elif term.operator == ":":
            one_of.setdefault(term.keyword, []).append(matcher)
        else:
            every.append(matcher)
    every += [group[0] if len(group) == 1 else _any(group) for group in one_of.values()]
    return lambda ticket: all(matcher(ticket) for matcher in every)


def _matcher(term: Term, now: datetime) -> Matcher:
    if not term.keyword:
        return words(term.value)
    if term.keyword.startswith(CUSTOM_FIELD):
        number, value = term.keyword.removeprefix(CUSTOM_FIELD), term.value
        return lambda ticket: number.isdigit() and _field_is(ticket, int(number), value)
    return KEYWORDS[term.keyword](term.operator, term.value, now)


def _field_is(ticket: Ticket, number: int, value: str) -> bool:
    held = ticket.fields.get(number)
    return not held if value == "none" else bool(held) and str(held).lower() == value.lower()


def _not(matcher: Matcher) -> Matcher:
    return lambda ticket: not matcher(ticket)


def _any(matchers: list[Matcher]) -> Matcher:
    return lambda ticket: any(matcher(ticket) for matcher in matchers)
