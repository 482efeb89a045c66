"""What the service needs, each looked at by itself."""

from datetime import UTC, datetime

from redis import RedisError
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from support_bridge.health.catching_up import catching_up
from support_bridge.health.check import Check
from support_bridge.health.context_requests import context_requests
from support_bridge.health.runs import runs_to_look_at
from support_bridge.health.zendesk import zendesk_checks
from support_bridge.inbox.record import UNKNOWN_EVENT
from support_bridge.inbox.status import status
from support_bridge.people.dfe_sign_in import missing_settings
from support_bridge.retention.delete import may_delete
from support_bridge.services import JOBS, Services
from support_bridge.store.engine import answers
from support_bridge.store.table import Table

MOST_REASONS = 3  # in one line; `flask inbox status` tells all


def database(services: Services) -> bool:
    """Whether PostgreSQL answers."""
    try:
        return answers(services.engine)
    except SQLAlchemyError:
        return False


def redis(services: Services) -> bool:
    """Whether Redis answers."""
    try:
        return bool(services.redis.ping())
    except RedisError:
        return False


def workers(services: Services) -> bool:
    """Whether every queue has a worker."""
    try:
        return all(services.worker_count(queue) > 0 for queue in JOBS)
    except RedisError:
        return False


def clock(services: Services) -> bool:
    """Whether the clock runs."""
    try:
        return services.clock_runs()
    except RedisError:
        return False


def all_checks(services: Services) -> list[Check]:
    """Everything, for a person."""
    well = database(services)
    return [
        _service(services),
        Check("PostgreSQL", well, "answers" if well else "does not answer: see to DATABASE_URL"),
        *([_tables(services), _inbox(services), catching_up(services), context_requests(services)] if well else []),
        _redis(services),
        _workers(services),
        _clock(services),
        *zendesk_checks(services),
        _context(services),
        _sign_in(services),
        _reports(services),
        _retention(services),
        *([_retention_runs(services)] if well else []),
    ]


def _service(services: Services) -> Check:
    return Check("service", True, f"{services.settings.environment}, commit {services.settings.commit_sha}")


def _tables(services: Services) -> Check:
    missing = set(Table.metadata.tables) - set(inspect(services.engine).get_table_names())
    return Check("tables", not missing, f"missing {len(missing)}: flask db upgrade" if missing else "are there")


def _inbox(services: Services) -> Check:
    try:
        with services.sessions() as session:
            said = status(session, datetime.now(UTC))
    except SQLAlchemyError:
        return Check("inbox", False, "cannot be read")
    if not said.set_aside:
        return Check("inbox", True, f"{said.waiting:,} waiting, none set aside")
    why = ", ".join(f"{one.count:,} {one.event_type} by {one.error}" for one in said.set_aside_why[:MOST_REASONS])
    more = f" and {len(said.set_aside_why) - MOST_REASONS} more" if len(said.set_aside_why) > MOST_REASONS else ""
    only_unknown = all(one.error == UNKNOWN_EVENT for one in said.set_aside_why)
    # What nobody here knows needs a newer version of the service, and leaves by itself.
    todo = "they leave in a week" if only_unknown else "see to the cause, then flask inbox replay --set-aside"
    told = f"{said.waiting:,} waiting, {said.set_aside:,} set aside: {why}{more}; {todo}"
    return Check("inbox", only_unknown, told, look=only_unknown)


def _redis(services: Services) -> Check:
    well = redis(services)
    return Check("Redis", well, "answers" if well else "does not answer: see to REDIS_URL")


def _workers(services: Services) -> Check:
    well = workers(services)
    return Check("workers", well, "one for every queue" if well else f"missing for some of: {', '.join(JOBS)}")


def _clock(services: Services) -> Check:
    well = clock(services)
    return Check("clock", well, "runs" if well else "is not running: nothing that falls due is begun")


def _sign_in(services: Services) -> Check:
    missing = missing_settings(services.settings)
    return Check("signing in", not missing, f"not available here: set {', '.join(missing)}" if missing else "set up")


def _reports(services: Services) -> Check:
    told = "reported to Sentry" if services.settings.sentry_dsn else "only logged: SENTRY_DSN is not set"
    return Check("errors", True, told)


def _context(services: Services) -> Check:
    """In one line: the whole must fit a screen."""
    ours = services.settings
    parts: dict[str, dict[str, object]] = {
        "Publish": {"PUBLISH_API_URL": services.publish},
        "Apply": {"APPLY_API_URL and its token": services.apply},
        "timetables": {"APPLY_TIMETABLES_URL": services.timetables},
        "sidebar": {
            "ZENDESK_APP_PUBLIC_KEY": ours.zendesk_app_public_key,
            "ZENDESK_APP_AUDIENCE": ours.zendesk_app_audience,
        },
    }
    missing = [setting for needed in parts.values() for setting, there in needed.items() if not there]
    if not missing:
        return Check("context", True, f"{', '.join(parts)} set up")
    lacking = [name for name, needed in parts.items() if not all(needed.values())]
    return Check("context", False, f"not available here: {', '.join(lacking)}; set {', '.join(missing)}")


def _retention(services: Services) -> Check:
    settings = services.settings
    if may_delete(settings):
        said = f"deletes in {settings.zendesk_subdomain}, once a run is approved"
    else:
        said = "reports only: RETENTION_MODE and RETENTION_ACCOUNT are not both set for deletion"
    policies = f"{len(services.policies.policies)} policies ({services.policies.version})"
    return Check("retention", True, f"{said}; {policies}")


def _retention_runs(services: Services) -> Check:
    try:
        with services.sessions() as session:
            found = runs_to_look_at(session)
    except SQLAlchemyError:
        return Check("retention runs", False, "cannot be read")
    said = "; ".join(f"{run} {what}: flask retention report {run}" for run, what in found.items())
    return Check("retention runs", not found, said or "none is stopped, no ticket failed")
