"""Walk an answer beside its shape and name everything that is not as the table says."""

import re
from typing import Any

from sandbox.shapes.values import ANYTHING, NOTHING, Either, Field, Keyed, Listed, Plain, Shape, Type

PYTHON = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,)}


def problems(answer: Any, type_: Type, at: str = "the answer") -> list[str]:
    """One line for each field that is missing, unknown or of another type; none when all is as the table says."""
    if isinstance(type_, Shape):
        return _of_shape(answer, type_, at)
    if isinstance(type_, Either):
        return min((problems(answer, one, at) for one in type_.of), key=len)
    if isinstance(type_, Listed):
        return _of_list(answer, type_, at)
    if isinstance(type_, Keyed):
        return _of_keyed(answer, type_, at)
    return [] if _fits(answer, type_) else [f"{at} is {answer!r}, and should be {_told(type_)}"]


def _of_shape(answer: Any, shape: Shape, at: str) -> list[str]:
    if not isinstance(answer, dict):
        return [f"{at} is {answer!r}, and should be an object: {shape.name}"]
    missing = [name for name, field in shape.fields.items() if name not in answer and not field.absent]
    unknown = [name for name in answer if name not in shape.fields]
    found = [f"{at}.{name} is missing" for name in missing] + [f"{at}.{name} is not in the table" for name in unknown]
    for name, field in shape.fields.items():
        if name in answer:
            found += _of_field(answer[name], field, f"{at}.{name}")
    return found


def _of_field(value: Any, field: Field, at: str) -> list[str]:
    if value is None and field.type != ANYTHING:
        return [] if field.null else [f"{at} is null"]
    return problems(value, field.type, at)


def _of_list(answer: Any, listed: Listed, at: str) -> list[str]:
    if not isinstance(answer, list):
        return [f"{at} is {answer!r}, and should be a list"]
    return [line for n, one in enumerate(answer) for line in problems(one, listed.of, f"{at}[{n}]")]


def _of_keyed(answer: Any, keyed: Keyed, at: str) -> list[str]:
    if not isinstance(answer, dict):
        return [f"{at} is {answer!r}, and should be an object"]
    return [line for key, one in answer.items() for line in problems(one, keyed.of, f"{at}.{key}")]


def _fits(value: Any, plain: Plain) -> bool:
    if plain == ANYTHING:
        return True
    if plain == NOTHING:
        return value is None
    if not isinstance(value, PYTHON[plain.json]) or (isinstance(value, bool) and plain.json != "boolean"):
        return False
    if plain.words and value not in plain.words:
        return False
    return not plain.pattern or bool(re.fullmatch(plain.pattern, str(value)))


def _told(plain: Plain) -> str:
    if plain.words:
        return f"one of {', '.join(plain.words)}"
    return f"a {plain.json}" + (f" like {plain.pattern}" if plain.pattern else "")
