"""The API's description (OpenAPI 3.1) as its page tells it: operations, what they take, what they answer. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
KINDS = {"integer": "whole number", "number": "number", "boolean": "true or false", "string": "text", "null": "null"}
FORMATS = {"date-time": "time, ISO 8601", "uuid": "UUID"}


@dataclass(frozen=True)
class Field:
    """A parameter, or a key of a body by its path: `cells[].n`."""

    name: str
    kind: str
    is_required: bool
    about: str
    place: str = ""


@dataclass(frozen=True)
class Reply:
    """What may come back, by its status."""

    status: int
    phrase: str
    about: str
    headers: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked."""

    method: str
    path: str
    summary: str
    roles: tuple[str, ...]
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]
    replies: tuple[Reply, ...]
    example_path: str
    example_body: Any


def operations(description: Mapping[str, Any]) -> list[Operation]:
    """Every operation, in the description's order."""
    return [
        _operation(description, method, path, item[method], item.get("parameters", []))
        for path, item in description["paths"].items()
        for method in METHODS
        if method in item
    ]


def _operation(
    description: Mapping[str, Any], method: str, path: str, said: Mapping[str, Any], shared: list[Any]
) -> Operation:
    parameters = [*shared, *said.get("parameters", [])]
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {})
    good: Mapping[str, Any] = next(
        (said["responses"][status] for status in sorted(said["responses"]) if status < "300"), {}
    )
    answer = good.get("content", {}).get("application/json", {}).get("schema", {})
    return Operation(
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        roles=tuple(role for way in said.get("security", []) for roles in way.values() for role in roles),
        parameters=tuple(_parameter(one) for one in parameters),
        body=tuple(_fields(description, body.get("schema", {}))),
        answer=tuple(_fields(description, answer)),
        replies=tuple(_reply(status, said["responses"][status]) for status in sorted(said["responses"])),
        example_path=_example_path(path, parameters),
        example_body=body.get("example"),
    )


def _parameter(said: Mapping[str, Any]) -> Field:
    return Field(
        said["name"], kind(said["schema"]), said.get("required", False), said.get("description", ""), said["in"]
    )


def _reply(status: str, said: Mapping[str, Any]) -> Reply:
    return Reply(
        int(status), HTTPStatus(int(status)).phrase, said.get("description", ""), tuple(said.get("headers", {}))
    )


def _example_path(path: str, parameters: list[Any]) -> str:
    """The path with the examples that the parameters give."""
    query = []
    for one in parameters:
        example = one.get("example", one["schema"].get("example"))
        if example is not None and one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", str(example))
        elif example is not None:
            query.append(f"{one['name']}={example}")
    return f"{path}?{'&'.join(query)}" if query else path


def _fields(description: Mapping[str, Any], schema: Mapping[str, Any], prefix: str = "") -> Iterator[Field]:
    """The keys of an object and of the objects in it, each by its path."""
    schema = _resolved(description, schema)
    for name, said in schema.get("properties", {}).items():
        inner = _resolved(description, said)
        is_list = inner.get("type") == "array"
        path = f"{prefix}{name}"
        about = said.get("description") or inner.get("description", "")
        yield Field(path, kind(inner), name in schema.get("required", []), about)
        yield from _fields(description, inner["items"] if is_list else inner, f"{path}[]." if is_list else f"{path}.")


def _resolved(description: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself where it is a reference, or one of a reference and null."""
    for one in (schema, *schema.get("anyOf", []), *schema.get("oneOf", []), *schema.get("allOf", [])):
        if "$ref" in one:
            found: Mapping[str, Any] = description["components"]["schemas"][one["$ref"].rpartition("/")[2]]
            may_miss = {"type": "null"} in schema.get("anyOf", []) or {"type": "null"} in schema.get("oneOf", [])
            return {**found, "type": ["object", "null"]} if may_miss else found
    return schema


def kind(schema: Mapping[str, Any]) -> str:
    """What a value looks like, in words."""
    if "oneOf" in schema:
        return " or ".join(kind(one) for one in schema["oneOf"])
    if "const" in schema:
        return f"“{schema['const']}”"
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    types = schema.get("type", "")
    words = [_of(one, schema) for one in ([types] if isinstance(types, str) else types)]
    return " or ".join(filter(None, words)) + _limits(schema)


def _of(one: str, schema: Mapping[str, Any]) -> str:
    if one == "string" and schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    return {"array": "list", "object": "object"}.get(one, KINDS.get(one, one))


def _limits(schema: Mapping[str, Any]) -> str:
    if "minimum" in schema and "maximum" in schema:
        return f", {schema['minimum']:,} to {schema['maximum']:,}"
    if "maxLength" in schema:
        return f", at most {schema['maxLength']:,} characters"
    return f" like {schema['pattern']}" if "pattern" in schema else ""
