"""The description is told as it is: no parameter, key or status of it is left out."""

from typing import Any

import pytest

from support_bridge.web.api.reading import Field, kind, operations

DESCRIPTION: dict[str, Any] = {
    "paths": {
        "/things/{id}": {
            "parameters": [{"in": "path", "name": "id", "required": True, "example": 7, "schema": {"type": "integer"}}],
            "post": {
                "summary": "Ask.",
                "security": [{"token": ["agent"]}],
                "parameters": [{"in": "query", "name": "to", "schema": {"type": "string", "example": "2026-10"}}],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Ask"}, "example": {"a": 1}}
                    }
                },
                "responses": {
                    "404": {"description": "Not there"},
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Told"}}}},
                    "503": {"description": "Away", "headers": {"Retry-After": {}}},
                },
            },
            "get": {"responses": {"204": {}}},
        }
    },
    "components": {
        "schemas": {
            "Ask": {"properties": {"a": {"type": "integer", "description": "How many"}}, "required": ["a"]},
            "Told": {
                "properties": {
                    "list": {"type": "array", "items": {"$ref": "#/components/schemas/Ask"}},
                    "one": {"anyOf": [{"$ref": "#/components/schemas/Ask"}, {"type": "null"}]},
                }
            },
        }
    },
}


def test_every_operation_is_told_with_its_method_path_and_roles() -> None:
    told = operations(DESCRIPTION)
    assert [(one.method, one.path, one.roles) for one in told] == [
        ("GET", "/things/{id}", ()), ("POST", "/things/{id}", ("agent",)),
    ]  # fmt: skip


def test_parameters_of_the_path_and_of_the_operation_are_told_both() -> None:
    post = operations(DESCRIPTION)[1]
    assert post.parameters == (
        Field("id", "whole number", True, "", "path"),
        Field("to", "text", False, "", "query"),
    )


def test_keys_are_told_by_their_paths_into_lists_and_objects() -> None:
    post = operations(DESCRIPTION)[1]
    assert post.body == (Field("a", "whole number", True, "How many"),)
    assert [(field.name, field.kind) for field in post.answer] == [
        ("list", "list"), ("list[].a", "whole number"), ("one", "object or null"), ("one.a", "whole number"),
    ]  # fmt: skip


def test_every_status_is_told_in_its_order_with_its_headers() -> None:
    post = operations(DESCRIPTION)[1]
    assert [(reply.status, reply.phrase, reply.headers) for reply in post.replies] == [
        (200, "OK", ()), (404, "Not Found", ()), (503, "Service Unavailable", ("Retry-After",)),
    ]  # fmt: skip


def test_the_example_is_an_address_that_could_be_asked() -> None:
    post = operations(DESCRIPTION)[1]
    assert (post.example_path, post.example_body) == ("/things/7?to=2026-10", {"a": 1})


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 2000}, "whole number, 1 to 2,000"),
        ({"type": ["string", "null"], "maxLength": 20}, "text or null, at most 20 characters"),
        ({"type": "string", "enum": ["a", "b"]}, "one of a, b"),
        ({"type": "string", "format": "date-time"}, "time, ISO 8601"),
        ({"type": "string", "pattern": "^[a-z]$"}, "text like ^[a-z]$"),
        (
            {"oneOf": [{"type": "integer"}, {"type": "string", "const": "c"}, {"type": "null"}]},
            "whole number or “c” or null",
        ),
        ({"type": "boolean"}, "true or false"),
    ],
)
def test_what_a_value_looks_like_is_told_in_words(schema: dict[str, Any], words: str) -> None:
    assert kind(schema) == words
