"""Arguments and responses of all lists."""

from __future__ import annotations

from typing import Any, ClassVar

import marshmallow as ma

from ..pages import Order, read_cursor
from .fields import QuerySchema, Schema
from .numbers import QueryWhole

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
NOT_A_CURSOR = "Not a cursor of this list."


class CursorField(ma.fields.String):
    """A cursor in a query string; deserialized to the name of its order and a position."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[str, list]:
        try:
            return read_cursor(super()._deserialize(value, attr, data, **kwargs))
        except ValueError as error:
            raise ma.ValidationError(NOT_A_CURSOR) from error


class PageArguments(QuerySchema):
    """Arguments of every list; loaded with `order` and `after`, the position where the page starts."""

    orders: ClassVar[dict[str, Order]]

    cursor = CursorField(metadata={"description": "`nextCursor` of the previous page"})
    limit = QueryWhole(load_default=DEFAULT_LIMIT, validate=ma.validate.Range(1, MAX_LIMIT))

    @ma.post_load
    def find_place(self, arguments: dict[str, Any], **_: Any) -> dict[str, Any]:
        sort = arguments.pop("sort", None)
        cursor = arguments.pop("cursor", None)
        if sort is None:
            # A search keeps its order, also if a pod of the previous version served its first page.
            started = cursor and cursor[0]
            sort = started if started in self.orders else self._usual(arguments)
        order = self.orders[sort]
        if cursor is not None and not order.accepts(*cursor):
            raise ma.ValidationError(NOT_A_CURSOR, "cursor")
        return {**arguments, "order": order, "after": cursor and cursor[1]}

    def _usual(self, arguments: dict[str, Any]) -> str:
        """The default order of a list: the first one, for a search the best match."""
        return "best" if arguments.get("q") and "best" in self.orders else next(iter(self.orders))


def is_first_page(arguments: dict[str, Any], usual_limit: int = DEFAULT_LIMIT) -> bool:
    """Whether the request is for the first page of the whole list, in the default size."""
    return arguments == {"order": arguments["order"], "after": None, "limit": usual_limit}


class PageSchema(Schema):
    next_cursor = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "null on the last page"}
    )
