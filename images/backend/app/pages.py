"""Pages by cursor: the next page starts after the last row seen, so rows added meanwhile shift nothing.

A cursor is opaque to clients; its JSON may carry more than an id once lists can be sorted.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

import marshmallow as ma

from .models.base import MAX_ID

DEFAULT_LIMIT = 20
MAX_LIMIT = 100


class CursorField(ma.fields.String):
    """A cursor in a query string; deserialized to the id of the last row of the page before."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            last = json.loads(base64.urlsafe_b64decode(text))["after"]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise ma.ValidationError("Not a cursor of this list.") from error
        if type(last) is not int or not 0 < last <= MAX_ID:
            raise ma.ValidationError("Not a cursor of this list.")
        return last


class PageArguments(ma.Schema):
    cursor = CursorField(metadata={"description": "`nextCursor` of the page before"})
    limit = ma.fields.Integer(load_default=DEFAULT_LIMIT, validate=ma.validate.Range(1, MAX_LIMIT))


def page(rows: Sequence[Any], limit: int) -> dict[str, Any]:
    """Make a page of up to `limit` rows out of a query that asked for one more."""
    items = rows[:limit]
    more = len(rows) > limit
    return {"items": items, "next_cursor": _cursor(items[-1].id) if more else None}


def _cursor(last: int) -> str:
    return base64.urlsafe_b64encode(json.dumps({"after": last}).encode()).decode()
