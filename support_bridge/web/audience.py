"""Whom a path is for: programs get JSON, people get pages."""

PROGRAMS = ("/api/", "/webhooks/", "/ping", "/healthcheck", "/sha", "/metrics")
PEOPLE = ("/api/docs",)


def is_for_programs(path: str) -> bool:
    """Whether what asks there is a program."""
    return path.startswith(PROGRAMS) and not path.startswith(PEOPLE)
