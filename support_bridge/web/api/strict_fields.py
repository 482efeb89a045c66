"""Fields that take what the description says and nothing like it: not "501" for 501, not 1 for true."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields


class WholeNumber(fields.Integer):
    """A whole number, 501.0 too, as JSON Schema has it; not its text, not a truth value."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value % 1 != 0:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class TrueOrFalse(fields.Boolean):
    """True or false; no word and no number that could mean one of them."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value
