"""Numbers in JSON, in query strings and in paths. In JSON: a number, not a text that looks like one."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import marshmallow as ma
from werkzeug.routing import IntegerConverter

from ..models.base import MAX_ID

MAX_PRICE = 10_000_000
# The cost of the most expensive recipe must fit into PostgreSQL's bigint.
MAX_QUANTITY = 100_000
MIN_PER = Decimal("0.1")
MAX_PER = 1_000_000

_LEAST = Decimal("0.001")


class Whole(ma.fields.Integer):
    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(required=True, strict=True, validate=ma.validate.Range(low, high), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        # JSON has one number type: 2.0 is the integer 2.
        whole = int(value) if isinstance(value, float) and value.is_integer() else value
        return super()._deserialize(whole, attr, data, **kwargs)


class QueryWhole(ma.fields.Integer):
    """A whole number in a query string: digits only; int() would also accept 1_0."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not re.fullmatch(r"-?[0-9]+", str(value)):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class PathWhole(IntegerConverter):
    """`<int>` in a path: ASCII digits only; Werkzeug's own converter also accepts digits of other scripts."""

    regex = "[0-9]+"


class Id(Whole):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(1, MAX_ID, **kwargs)


class Quantity(ma.fields.Decimal):
    """A positive quantity with up to three decimals, stored as an exact decimal number."""

    # The error of binary fractions: 0.1 + 0.2 is 0.30000000000000004 in JavaScript.
    NOISE = Decimal("1e-9")

    def __init__(self, low: Decimal = _LEAST, high: int = MAX_QUANTITY, **kwargs: Any) -> None:
        super().__init__(required=True, validate=ma.validate.Range(low, high), **kwargs)
        # Not `multipleOf`: validators disagree about it for binary fractions.
        meaning = self.metadata.get("description", "")
        self.metadata["description"] = f"{meaning}; up to three decimals".removeprefix("; ")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        if not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        quantity = super()._deserialize(value, attr, data, **kwargs)
        self._validate(quantity)  # checks the range before rounding
        rounded = round(quantity, 3)
        if abs(quantity - rounded) > self.NOISE:
            raise ma.ValidationError("Must have no more than three decimals.")
        return rounded

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> float:
        return float(value)
