"""Pagination by cursor: a page starts after the last row of the page before, so new rows do not shift it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, literal, tuple_

from .models import db
from .models.base import MAX_ID

# The types in a position; a time is an ISO 8601 text.
Place = list[int | str]


@dataclass(frozen=True)
class Order:
    """A total order of rows by `columns`, of which the last is unique."""

    name: str
    columns: dict[str, ColumnElement]
    descending: bool = False

    def page(self, query: Select, after: Place | None, limit: int) -> dict[str, Any]:
        """The page of a query that starts after the position `after`."""
        columns = self.columns.values()
        query = query.order_by(*(column.desc() if self.descending else column for column in columns))
        if after is not None:
            here, there = tuple_(*columns), tuple_(*map(_value, columns, after))
            query = query.where(here < there if self.descending else here > there)
        rows = db.session.execute(query.limit(limit + 1)).all()
        items = rows[:limit]
        return {"items": items, "next_cursor": self._cursor(items) if len(rows) > limit else None}

    def accepts(self, name: str, place: Place) -> bool:
        """Whether a cursor belongs to this order."""
        types = [column.type.python_type for column in self.columns.values()]
        return name == self.name and len(place) == len(types) and all(map(_is_place_of, place, types))

    def _cursor(self, items: Sequence[Row]) -> str:
        last = (getattr(items[-1], name) for name in self.columns)
        place = [value.isoformat() if isinstance(value, datetime) else value for value in last]
        return base64.urlsafe_b64encode(json.dumps([self.name, *place]).encode()).decode()


def _is_place_of(value: int | str, of: type) -> bool:
    if of is not datetime:
        return type(value) is of
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _value(column: ColumnElement, value: int | str) -> Any:
    instant = column.type.python_type is datetime
    return literal(datetime.fromisoformat(str(value)), column.type) if instant else value


def read_cursor(cursor: str) -> tuple[str, Place]:
    """The name of a cursor's order, and its position; ValueError for an invalid cursor."""
    try:
        name, *place = json.loads(base64.urlsafe_b64decode(cursor))
    except (TypeError, RecursionError) as error:
        raise ValueError("not a cursor") from error
    if not isinstance(name, str) or not all(map(_is_comparable, place)):
        raise ValueError("not a cursor")
    return name, place


def each_item(read: Callable[[Place | None], dict[str, Any]]) -> Iterator[Any]:
    """The items of all pages of `read(after)`; a page is read when the caller asks for its first item.

    The caller may take its time: between two pages it holds neither a transaction nor a connection.
    """
    after = None
    while True:
        page = read(after)
        db.session.close()
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        _, after = read_cursor(page["next_cursor"])


def _is_comparable(value: object) -> bool:
    """Whether PostgreSQL can compare a column with the value."""
    if type(value) is int:
        return 0 <= value <= MAX_ID
    return isinstance(value, str) and not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)
