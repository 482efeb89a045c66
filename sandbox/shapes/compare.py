"""Hold the table against Zendesk's description; each disagreement has a reason in the table, or should have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sandbox.shapes.description import Description, Property
from sandbox.shapes.values import ANYTHING, Either, Field, Keyed, Listed, Plain, Shape, Type


@dataclass(frozen=True)
class Difference:
    """Of a shape or, if named, of its field; `why` is the table's reason, empty where there is none."""

    shape: Shape
    field: str
    what: str
    why: str

    def __str__(self) -> str:
        where = f"{self.shape.name}, {self.field}" if self.field else self.shape.name
        return f"{where}: {self.what} ({self.why or 'NOT EXPLAINED'})"


def all_differences(description: Description, shapes: Iterable[Shape]) -> list[Difference]:
    """Those of every shape that names a schema, the same of several shapes once."""
    found: dict[tuple[str, str, str], Difference] = {}
    for shape in shapes:
        for one in differences(description, shape) if shape.schema else ():
            found.setdefault((shape.schema, one.field, one.what), one)
    return list(found.values())


def shapes_in(types: Iterable[Type]) -> list[Shape]:
    """Every shape in these types, however deep, each once, by name."""
    found: dict[str, Shape] = {}
    waiting = list(types)
    while waiting:
        type_ = waiting.pop()
        if isinstance(type_, Shape):
            if type_.name not in found:
                found[type_.name] = type_
                waiting += [field.type for field in type_.fields.values()]
        elif isinstance(type_, Either):
            waiting += type_.of
        elif isinstance(type_, Listed | Keyed):
            waiting.append(type_.of)
    return sorted(found.values(), key=lambda shape: shape.name)


def differences(description: Description, shape: Shape) -> Iterator[Difference]:
    """Where a shape and the schema that it names disagree."""
    described = description.properties(shape.schema)
    if described is None:
        yield Difference(shape, "", f"the description has no {shape.schema}", "")
        return
    for name, field in shape.fields.items():
        found = list(_of_field(field, described.get(name)))
        yield from (Difference(shape, name, what, field.differs) for what in found)
        if field.differs and not found:
            yield Difference(shape, name, f"agrees by now, so nothing needs “{field.differs}”", "")
    for name in shape.unsent.keys() - described:
        yield Difference(shape, name, "is not described any more, and needs no reason", "")
    for name, said in described.items():
        if name not in shape.fields and not said.only_written:
            yield Difference(shape, name, "described, and not in our table", shape.unsent.get(name, ""))


def _of_field(field: Field, said: Property | None) -> Iterator[str]:
    if said is None:
        yield "in our table, and not described"
        return
    ours = json_types(field.type)
    # To an integer, "number" is no contradiction.
    allowed = said.types | ({"integer"} if "number" in said.types else set())
    if ours and said.types and (ours - allowed or said.types - ours - {"number"}):
        yield f"ours is {_told(ours)}, described as {_told(said.types)}"
    words = field.type.words if isinstance(field.type, Plain) else ()
    if words and said.words and set(words) != said.words:
        yield f"ours may be {_told(words)}, described as {_told(said.words)}"
    if field.null != said.null:
        yield "may be null, described as never null" if field.null else "never null, described as maybe null"


def json_types(type_: Type) -> set[str]:
    """JSON Schema's names for what a type may be; none for what may be anything."""
    if isinstance(type_, Either):
        return {name for one in type_.of for name in json_types(one)}
    if isinstance(type_, Listed):
        return {"array"}
    if isinstance(type_, Shape | Keyed):
        return {"object"}
    return set() if type_ == ANYTHING else {type_.json}


def _told(words: Iterable[str]) -> str:
    return " or ".join(sorted(words))
