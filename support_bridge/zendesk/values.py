"""What the service reads from Zendesk: frozen, and with nothing personal in it but ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

CLOSED = "closed"
DELETED = "deleted"
UNSOLVED = ("new", "open", "pending", "hold")


@dataclass(frozen=True)
class Metrics:
    """A ticket's metric set, in whole minutes; None where it never happened.

    https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_metrics/
    """

    solved_at: datetime | None = None
    first_reply: int | None = None
    first_reply_business: int | None = None
    full_resolution: int | None = None
    full_resolution_business: int | None = None


@dataclass(frozen=True)
class Ticket:
    """A ticket without its text and its people."""

    id: int
    status: str
    created_at: datetime
    updated_at: datetime
    brand_id: int | None
    group_id: int | None
    form_id: int | None
    channel: str
    fields: Mapping[int, str] = field(default_factory=dict)
    metrics: Metrics | None = None
    generated_at: datetime | None = None  # its last change of any kind; told by exports alone
    # Who has to do with it: looked at for what an agent may open, never stored.
    organization_id: int | None = field(default=None, repr=False)
    assignee_id: int | None = field(default=None, repr=False)
    requester_id: int | None = field(default=None, repr=False)
    tags: frozenset[str] = field(default=frozenset(), repr=False)  # looked at, never stored: agents may write anything

    @property
    def is_closed(self) -> bool:
        """Closed tickets refuse every update, for good."""
        return self.status == CLOSED


@dataclass(frozen=True)
class Agent:
    """A user by what they may open; `restriction` is Zendesk's word, None where there is none. One with a custom role
    may have less, or other, than it says."""

    id: int
    role: str
    active: bool
    suspended: bool
    restriction: str | None
    custom_role_id: int | None
    organization_id: int | None


@dataclass(frozen=True)
class Unreadable:
    """A row of the export of an unknown shape: its id and the time of its last change, as far as they can be read."""

    id: int | None
    generated_at: datetime | None


@dataclass(frozen=True)
class ExportPage:
    """A page of the incremental export; `cursor` is where the next one starts."""

    tickets: tuple[Ticket, ...]
    cursor: str
    ended: bool
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True)
class ScrubbedPage:
    """The scrubbed tickets of a page of the export; `cursor` is where the next one starts."""

    tickets: frozenset[int]
    cursor: str


@dataclass(frozen=True)
class Chat:
    """A chat without its people and words; `ticket` is the ticket that was made of it, if one was."""

    id: str
    began_at: datetime
    ended_at: datetime | None
    ticket: int | None


@dataclass(frozen=True)
class ChatPage:
    """A page of Chat's export; the next one starts at this time (epoch seconds) and id."""

    chats: tuple[Chat, ...]
    end_time: int
    end_id: str
    ended: bool


@dataclass(frozen=True)
class Job:
    """An asynchronous job of Zendesk's; `failed` names tickets with the reason, where the job says so by id."""

    id: str
    finished: bool
    succeeded: bool
    failed: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Directory:
    """The names of the account's brands, groups and forms, by id."""

    brands: Mapping[int, str] = field(default_factory=dict)
    groups: Mapping[int, str] = field(default_factory=dict)
    forms: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """A ticket field; `options` are a tagger's values."""

    title: str
    kind: str
    active: bool
    options: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Webhook:
    """A webhook and how its last deliveries went: how many ended in which of Zendesk's words."""

    id: str
    name: str
    endpoint: str
    active: bool
    subscriptions: frozenset[str] = frozenset()
    went: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Schedule:
    """One of Zendesk's own deletion schedules: what it deletes, and when every one of `all` and one of `any` holds."""

    title: str
    object: str
    active: bool
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShowMany:
    """Whether the read by the hundred gives archived tickets, and metric sets with them; None: could not be seen."""

    archived: bool | None
    metrics: bool | None
