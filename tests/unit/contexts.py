"""A provider, an application and a cycle for tests."""

from datetime import UTC, date, datetime, timedelta

from support_bridge.teacher_training.values import Application, Choice, Course, Cycle, Form, Match, Provider

NOW = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
PROVIDER = Provider(
    "1TZ", "Sandbox Institute", "university", "london", True, "10012345", None, 2027,
    (Course("M001", "Mathematics", True), Course("P002", "Physics", False)), NOW,
    accredited_by=(Match("2FR", "Another University"),),
)  # fmt: skip
CHOICE = Choice(12340, "awaiting_provider_decision", "M001", "1TZ", NOW, None, 1, inactive_on=date(2026, 12, 14))
APPLICATION = Application("C1234", False, (Form(7, 2027, "awaiting_provider_decisions", NOW, (CHOICE,)),))
CYCLE = Cycle(
    year=2027,
    find_opens_at=NOW - timedelta(days=33),
    apply_opens_at=NOW - timedelta(days=26),
    apply_deadline_at=NOW + timedelta(days=20),
    reject_by_default_at=NOW + timedelta(days=300),
    decline_by_default_at=NOW + timedelta(days=310),
    find_closes_at=NOW + timedelta(days=320),
    read_at=NOW,
)
