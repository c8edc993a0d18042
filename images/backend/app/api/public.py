"""Responses that are the same for all users: cached by the API, and by clients with revalidation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import marshmallow as ma
from flask import Response, current_app, request

from .. import cache, response_cache


def public(schema: type[ma.Schema], produce: Callable[[], Any], *, key: str | None) -> Response:
    """Respond with the result of `produce`, cached under `key` until any change; None: not cached."""

    def body() -> str:
        return current_app.json.dumps(schema().dump(produce()), separators=(",", ":"))

    entry = cache.fetch(key, body) if key else cache.Entry(body())
    response_cache.store(request, entry)
    response = Response(entry.body, content_type="application/json", headers={"Cache-Control": "no-cache"})
    response.add_etag()
    response.make_conditional(request)
    del response.headers["Date"]  # set by the server
    return response
