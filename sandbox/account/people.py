"""Agents and end users. Shape of a user: developer.zendesk.com/api-reference/ticketing/users/users/."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sandbox.account import markers

ADMIN = 500
SYSTEM = -1  # Zendesk's author for what its own automations do
FIRST_END_USER = 900001
STAFF = 11


@dataclass(slots=True)
class User:
    id: int
    name: str
    email: str
    phone: str | None
    role: str
    created_at: datetime
    active: bool = True
    # What they may open, where they are an agent.
    groups: frozenset[int] = frozenset()
    restriction: str | None = None
    custom_role_id: int | None = None
    suspended: bool = False
    organization_id: int | None = None


def is_agent(user_id: int) -> bool:
    return ADMIN <= user_id <= 510


def staff(since: datetime) -> list[User]:
    people = [User(ADMIN, markers.name("Admin", ADMIN), markers.email("admin", ADMIN), None, "admin", since)]
    for number in range(501, 511):
        name, email = markers.name("Agent", number), markers.email("agent", number)
        people.append(User(number, name, email, None, "agent", since))
    return people


def end_users(random: Random, count: int, since: datetime, until: datetime) -> list[User]:
    span = (until - since).total_seconds()
    born = sorted(since + timedelta(seconds=int(random.uniform(0, span))) for _ in range(count))
    return [_end_user(FIRST_END_USER + n, n + 1, at) for n, at in enumerate(born)]


def _end_user(user_id: int, number: int, at: datetime) -> User:
    phone = markers.phone(number) if number % 3 == 0 else None
    return User(user_id, markers.name("Requester", number), markers.email("requester", number), phone, "end-user", at)
