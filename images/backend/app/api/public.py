"""Answers that are the same for everybody: cached by us, and by clients as long as they ask back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import marshmallow as ma
from flask import Response, current_app, request

from .. import answers, cache


def public(schema: type[ma.Schema], produce: Callable[[], Any], *, key: str | None) -> Response:
    """Answer what `produce` returns, kept under `key` until anything changes; None keeps nothing."""

    def body() -> str:
        return current_app.json.dumps(schema().dump(produce()), separators=(",", ":"))

    entry = cache.fetch(key, body) if key else cache.Entry(body())
    answers.keep(request, entry)
    response = Response(entry.body, content_type="application/json", headers={"Cache-Control": "no-cache"})
    response.add_etag()
    response.make_conditional(request)
    del response.headers["Date"]  # the server states it
    return response
