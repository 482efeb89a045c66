"""What was sent to the control path, read so that nonsense is refused with the name of what is wrong."""

from math import isfinite
from typing import Any

from flask import Response, request

from sandbox.zendesk.answers import Refusal

MOST = 1_000_000
NONSENSE = (KeyError, TypeError, ValueError, AttributeError)


def asked(default: dict[str, Any] | None = None) -> dict[str, Any]:
    """The JSON object; without a body the default, if there is one."""
    if default is not None and not request.get_data():
        return default
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise wrong("a JSON object is wanted")
    return sent


def number(order: dict[str, Any], name: str, default: float | None = None, least: float = 0) -> float:
    """A member that has to be a number, and no NaN; without a default it has to be there."""
    value = order.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value < least:
        raise wrong(f"{name} is a number, {least:g} or more")
    return value


def count(order: dict[str, Any], name: str, default: int | None = None, least: int = 0) -> int:
    value = order.get(name, default)
    if type(value) is not int or not least <= value <= MOST:
        raise wrong(f"{name} is a whole number, {least} or more")
    return value


def text(order: dict[str, Any], name: str) -> str:
    value = order.get(name)
    if not isinstance(value, str):
        raise wrong(f"{name} is a text")
    return value


def wrong(why: str) -> Refusal:
    return Refusal(400, {"error": why})


def refuse(error: Exception) -> Response:
    """For what a reader of an order stumbled over; a missing member is named by the error itself."""
    why = f"missing or unknown: {error.args[0]}" if isinstance(error, KeyError) and error.args else str(error)
    return wrong(why).response()
