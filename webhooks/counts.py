"""Deliveries in figures, for Prometheus.

Every series is made here, at the start: a stranger can make none, and one that stays at nought is seen to.
"""

from contextlib import suppress

from prometheus_client import Counter

from webhooks.kinds import Kind
from webhooks.outcomes import REASONS, Outcome, Reason

DELIVERIES = Counter("support_bridge_webhooks", "Zendesk's deliveries, by what became of them", ["outcome", "reason"])
EVENTS = Counter("support_bridge_webhook_events", "Deliveries that were new, by what they were about", ["kind"])
UNREAD = Counter("support_bridge_webhook_unread", "What could not be read of deliveries that were kept", ["field"])

_deliveries = {
    (outcome, reason): DELIVERIES.labels(outcome, reason)
    for outcome in Outcome
    for reason in REASONS.get(outcome, (Reason.NONE,))
}
_events = {kind: EVENTS.labels(kind) for kind in Kind}
_unread = {field: UNREAD.labels(field) for field in ("id", "subject", "time")}


def count(outcome: Outcome, reason: Reason = Reason.NONE) -> None:
    """One more delivery of which that became."""
    _one_more(_deliveries[outcome, reason])


def count_new(kind: Kind) -> None:
    """One more that was not known yet."""
    _one_more(_events[kind])


def count_unread(field: str) -> None:
    """One more of which that could not be read, and was left out."""
    _one_more(_unread[field])


def _one_more(counter: Counter) -> None:
    # Whatever is wrong with the figures must cost a figure, and not a delivery.
    with suppress(Exception):
        counter.inc()
