"""Whom a path is for: programs get JSON, people get pages."""

PROGRAMS = ("/api", "/webhooks", "/ping", "/healthcheck", "/sha", "/metrics")
PEOPLE = ("/api/docs",)
SIDEBAR = ("/sidebar",)


def is_for_programs(path: str) -> bool:
    """Whether what asks there is a program."""
    return _is_below(path, PROGRAMS) and not _is_below(path, PEOPLE)


def is_for_the_sidebar(path: str) -> bool:
    """Whether what asks there is a frame in Zendesk: narrow, without a cookie, and framed by another site."""
    return _is_below(path, SIDEBAR)


def _is_below(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)
