"""A policy and what it looks at in a ticket."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias

from isodate import Duration

Span: TypeAlias = Duration | timedelta


@dataclass(frozen=True)
class TicketFacts:
    """What policies may look at: a ticket's place in the desk, never its text or its people."""

    brand: tuple[str, ...] = ()  # id and, where known, name
    group: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    channel: str = ""
    fields: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Condition:
    """One thing a ticket must be: `kind` is brand, group, form, channel or field."""

    kind: str
    value: str
    field_id: int | None = None


@dataclass(frozen=True)
class Notice:
    """The privacy notice that made the promise, and the address that it gives, if it gives one."""

    title: str
    date: date
    contact: str = ""


@dataclass(frozen=True)
class Policy:
    """One notice's promise. `keep` less `lead` after `clock`, a ticket that it claims is due."""

    name: str
    title: str
    notice: Notice
    all: tuple[Condition, ...]
    any: tuple[Condition, ...]
    keep: Span
    clock: str
    lead: Span
    with_ticket: tuple[str, ...]
    rights: tuple[str, ...]
    recipients: tuple[str, ...]
    proof_kept: Span


@dataclass(frozen=True)
class PolicyFile:
    """One account's policies, its field ids and tags, and the version that records name."""

    fields: Mapping[str, int]
    policies: tuple[Policy, ...]
    version: str
    tags: Mapping[str, str] = field(default_factory=dict)  # by our names for them

    def named(self, name: str) -> Policy:
        """The policy of that name. Raises KeyError."""
        return {policy.name: policy for policy in self.policies}[name]
