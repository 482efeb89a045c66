"""A field takes what the API's description says, and nothing that only looks like it."""

from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from support_bridge.web.api.strict_fields import TrueOrFalse, WholeNumber


class Both(Schema):
    number = WholeNumber()
    truth = TrueOrFalse()


@pytest.mark.parametrize("value", [0, 501, -3, 10**30, 501.0])
def test_a_whole_number_is_taken(value: float) -> None:
    assert Both().load({"number": value}) == {"number": int(value)}


@pytest.mark.parametrize("value", ["501", True, 1.5, float("inf"), float("nan"), None, [1], {}])
def test_what_is_no_whole_number_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        Both().load({"number": value})


@pytest.mark.parametrize("value", [True, False])
def test_a_truth_value_is_taken(value: bool) -> None:
    assert Both().load({"truth": value}) == {"truth": value}


@pytest.mark.parametrize("value", ["true", 1, 0, "yes", None, []])
def test_what_could_mean_one_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        Both().load({"truth": value})
