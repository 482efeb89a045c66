"""The Zendesk account, looked at for a person: what our credentials may do there, and whether it is as we expect."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial

from redis import RedisError

from support_bridge.errors import SupportBridgeError
from support_bridge.health import account
from support_bridge.health.check import Check
from support_bridge.services import Services, zendesk_url
from support_bridge.zendesk.budget import BudgetSpent, counts
from support_bridge.zendesk.client import Zendesk
from support_bridge.zendesk.errors import NotAllowed, Unreachable
from support_bridge.zendesk.told import Told


def zendesk_checks(services: Services, now: datetime | None = None) -> Iterator[Check]:
    """One after another, as they are asked; where the credentials do not work, the rest is not asked."""
    now = now or datetime.now(UTC)
    zendesk, settings = services.zendesk(bulk=False), services.settings
    try:
        told = zendesk.inspecting.sees_tickets()
    except SupportBridgeError as error:
        where = f", at {zendesk_url(settings)}" if isinstance(error, Unreachable) else ""
        yield Check("Zendesk", False, f"{error}{where}")
        if not (used := account.credentials(settings, now.date())).ok:
            yield used
        return
    yield Check("Zendesk", True, f"{zendesk_url(settings)} lets us in")
    yield account.credentials(settings, now.date())
    for name, look in _looks(services, zendesk, told, now):
        yield _looked(name, look)


def _looks(
    services: Services, zendesk: Zendesk, told: Told | None, now: datetime
) -> Iterable[tuple[str, Callable[[], Check]]]:
    seen, policies, url = zendesk.inspecting, services.policies, services.settings.public_url
    return (
        ("permissions", lambda: permissions(zendesk, now)),
        ("plan", lambda: account.plan(services.settings, told)),
        ("show_many", lambda: account.show_many(seen.show_many(now))),
        ("desk", lambda: account.desk(policies, zendesk.reading.directory())),
        ("fields", lambda: account.fields(policies, seen.fields())),
        ("webhook", lambda: account.webhook(url, seen.webhooks(partial(account.leads_here, url)))),
        ("schedules", lambda: account.schedules(seen.deletion_schedules())),
        ("calls", lambda: account.calls(counts(services.redis))),
    )


def _looked(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except BudgetSpent:
        return Check(name, True, "not asked: this minute's requests are spent. Try again in a minute", look=True)
    except RedisError:
        return Check(name, False, "Redis does not answer: see to REDIS_URL")
    except SupportBridgeError as error:
        return Check(name, False, str(error))


def permissions(zendesk: Zendesk, now: datetime) -> Check:
    """What the credentials may do, by asking for it. Deleting is the deleter's: it has credentials of its own."""
    refused, exports = [], None
    try:
        exports = zendesk.inspecting.sees_everything(now)
    except NotAllowed:
        refused.append("the export (for administrators)")
    try:
        zendesk.inspecting.sees_audits()
    except NotAllowed:
        refused.append("audits (scope read)")
    scopes = f"scopes {' '.join(_scopes(zendesk))}"
    if refused:
        return Check("permissions", False, f"may not read {' nor '.join(refused)}; {scopes}")
    often = f" ({exports.limit} a minute)" if exports else ""
    return Check("permissions", True, f"may read tickets, audits and the export{often}; {scopes}")


def _scopes(zendesk: Zendesk) -> tuple[str, ...]:
    try:
        return zendesk.inspecting.scopes() or ("none",)
    except SupportBridgeError:
        return ("not told",)
