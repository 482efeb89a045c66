"""Zendesk's own description of its API, read from a file: which properties an answer's schema has."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

JSON = dict[str, Any]


@dataclass(frozen=True)
class Property:
    """What is said of a property: the JSON types it may have (none: it is not said), its words, whether null."""

    types: frozenset[str]
    words: frozenset[str]
    null: bool
    only_written: bool


class Description:
    """The file's schemas. A name is looked up with its `$ref`s, `allOf`s and lists followed."""

    def __init__(self, path: Path) -> None:
        self._schemas: JSON = yaml.load(path.read_text(), _Loader)["components"]["schemas"]  # noqa: S506  a safe loader

    def properties(self, name: str) -> dict[str, Property] | None:
        """Those of a schema, or of a property of a schema (`Schema.property`); None when there is no such thing."""
        first, *steps = name.split(".")
        found: JSON | None = self._schemas.get(first)
        for step in steps:
            found = self._inside(found).get(step) if found else None
        return {key: self._said(one) for key, one in self._inside(found).items()} if found else None

    def _inside(self, schema: JSON) -> JSON:
        merged: JSON = {}
        for part in self._parts(schema):
            merged |= part.get("properties") or {}
            if part.get("type") == "array":
                merged |= self._inside(part["items"])
        return merged

    def _said(self, schema: JSON) -> Property:
        parts = list(self._parts(schema, choices=True))
        return Property(
            frozenset(part["type"] for part in parts if "type" in part),
            frozenset(word for part in parts for word in part.get("enum", ()) if isinstance(word, str)),
            any(part.get("nullable") for part in parts),
            any(part.get("writeOnly") for part in parts),
        )

    def _parts(self, schema: JSON, *, choices: bool = False) -> Iterator[JSON]:
        """The schema and what it refers to or is made of; also its alternatives, if asked for."""
        if "$ref" in schema:
            schema = {**schema, **self._schemas[schema["$ref"].rpartition("/")[2]]}
        yield schema
        for key in ("allOf", *(("oneOf", "anyOf") if choices else ())):
            for part in schema.get(key, ()):
                yield from self._parts(part, choices=choices)


# Reads a bare `=`, which the file has and YAML 1.1 gives a meaning, and dates, as text.
_Loader: Any = type("_Loader", (yaml.SafeLoader,), {})
for _tag in ("value", "timestamp"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", lambda loader, node: loader.construct_scalar(node))
