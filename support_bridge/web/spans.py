"""A span of time as people say it. Pure."""

from datetime import timedelta

from support_bridge.policies.values import Span


def in_words(span: Span) -> str:
    """`3 years`, `1 year and 6 months`, `30 days`: for a policy's spans, which are made of whole ones."""
    if isinstance(span, timedelta):
        counts = {"day": span.days}
    else:
        counts = {"year": int(span.years), "month": int(span.months), "day": span.tdelta.days}
    said = [f"{n} {unit}{'s' if n != 1 else ''}" for unit, n in counts.items() if n]
    if not said:
        return "no time"
    return " and ".join([", ".join(said[:-1]), said[-1]] if said[1:] else said)
