"""What a body says of itself: JSON, as it is. Pure."""

from webhooks.outcomes import NotKept, Outcome, Reason


class Unsupported(NotKept):
    """A body that says it is something else than JSON, or packed."""

    outcome = Outcome.UNSUPPORTED


def check(content_type: str, content_encoding: str) -> None:
    """Raise Unsupported, unless these headers are empty or say what the body must be."""
    if content_encoding.strip().lower() not in ("", "identity"):
        raise Unsupported(Reason.CONTENT_ENCODING, "A body must not be packed.")
    media = content_type.partition(";")[0].strip().lower()
    is_json = media == "application/json" or (media.startswith("application/") and media.endswith("+json"))
    if content_type.strip() and not is_json:
        raise Unsupported(Reason.CONTENT_TYPE, "A body must be JSON.")
