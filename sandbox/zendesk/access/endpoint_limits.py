"""The limits of single endpoints: the one table that the gate counts by and the headers are written from."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from sandbox.zendesk import answers


@dataclass(frozen=True, slots=True)
class Asked:
    """What a limit may depend on. `page` is that of offset paging, 1 without."""

    method: str
    path: str
    page: int
    user_id: int | None


@dataclass(frozen=True)
class Rule:
    """`name` is as in the header zendesk-ratelimit-…, recorded where marked; `option` holds the figure, 0 is off."""

    name: str
    option: str
    method: str
    path: re.Pattern[str]
    minutes: int = 1
    beyond_page: int = 0
    each: Callable[[Asked], Hashable] | None = None
    refusal: Callable[[int], answers.Refusal] = field(default=answers.too_many_requests)

    def matches(self, asked: Asked) -> bool:
        if asked.method != self.method or asked.page <= self.beyond_page:
            return False
        return self.path.fullmatch(asked.path) is not None

    def key(self, asked: Asked) -> Hashable:
        return self.each(asked) if self.each else None


def _user_and_ticket(asked: Asked) -> Hashable:
    return asked.user_id, asked.path


def _path(rest: str) -> re.Pattern[str]:
    return re.compile(f"/api/v2/{rest}")


# Which limit counts update_many and destroy_many is not known: here none does.
RULES = (
    Rule("incremental-exports", "exports_per_minute", "GET", _path("incremental/.+"),
         refusal=answers.too_many_exports),  # recorded
    Rule("search-index", "searches_per_minute", "GET", _path("search")),  # the name is recorded, the figure is not
    Rule("search-export", "search_exports_per_minute", "GET", _path("search/export"),
         refusal=answers.too_many_search_exports),
    Rule("tickets-index", "lists_per_minute", "GET", _path("tickets")),  # recorded
    Rule("tickets-index-deep-pagination", "deep_lists_per_minute", "GET", _path("tickets"), beyond_page=500),
    Rule("deleted-tickets-index", "deleted_lists_per_minute", "GET", _path("deleted_tickets")),
    Rule("deleted-tickets-index-deep-pagination", "deep_deleted_lists_per_minute", "GET", _path("deleted_tickets"),
         beyond_page=100),
    Rule("tickets-update", "updates_per_minute", "PUT", _path(r"tickets/\d+")),  # recorded
    Rule("per-ticket-updates", "updates_per_ticket", "PUT", _path(r"tickets/\d+"), minutes=10,
         each=_user_and_ticket),  # recorded
    Rule("tickets-destroy", "deletions_per_minute", "DELETE", _path(r"tickets/\d+")),
    Rule("deleted-tickets-destroy", "permanent_deletions_per_minute", "DELETE",
         _path(r"deleted_tickets/\d+")),  # recorded
    Rule("deleted-tickets-destroy-many", "bulk_permanent_deletions_per_minute", "DELETE",
         _path("deleted_tickets/destroy_many")),
)  # fmt: skip
