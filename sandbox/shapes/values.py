"""What the table is made of: types, fields, shapes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

OAS = "OAS"
NULLS = "the description misses nulls: B §14"


@dataclass(frozen=True)
class Plain:
    """A value without fields; `json` is its name in JSON Schema."""

    json: str
    pattern: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listed:
    """A list of one type."""

    of: "Type"


@dataclass(frozen=True)
class Keyed:
    """An object whose keys are free: ids, or names of fields."""

    of: "Type"


@dataclass(frozen=True)
class Either:
    """One of several types."""

    of: tuple["Type", ...]


@dataclass(frozen=True)
class Field:
    """`differs` says why the type, the null or the field itself is not as Zendesk describes it."""

    type: "Type"
    fact: str
    null: bool = False
    absent: bool = False
    differs: str = ""


@dataclass(frozen=True)
class Shape:
    """An object. `schema` is its name in Zendesk's description (a dot leads to a property, through lists), or empty
    where there is none; `unsent` names what is described and does not come, each with why."""

    name: str
    schema: str
    fields: Mapping[str, Field]
    unsent: Mapping[str, str] = field(default_factory=dict)

    def but(self, name: str, **fields: Field) -> "Shape":
        """The same with these fields added or replaced."""
        return replace(self, name=name, fields={**self.fields, **fields})


Type = Plain | Listed | Keyed | Either | Shape

TEXT = Plain("string")
WHOLE = Plain("integer")
NUMBER = Plain("number")
FLAG = Plain("boolean")
ANYTHING = Plain("anything")
NOTHING = Plain("nothing")  # an answer without a body
MOMENT = Plain("string", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def word(*words: str) -> Plain:
    return Plain("string", words=words)


def like(pattern: str) -> Plain:
    return Plain("string", pattern)


def unsent(why: str, *names: str) -> dict[str, str]:
    """Described, and not in answers, all for one reason."""
    return dict.fromkeys(names, why)
