"""Routes that create one object for repeated requests: see app/idempotency.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request

from ..idempotency import Once
from ..models import User
from ..problems import Problem
from .blueprint import Blueprint

HEADER = "Idempotency-Key"
# A quoted string, as in the draft, or the bare value.
PATTERN = r'^("[!#-\[\]-~]{1,255}"|[!#-\[\]-~]{1,255})$'
PARAMETER = {
    "in": "header",
    "name": HEADER,
    "schema": {"type": "string", "pattern": PATTERN},
    "description": "identifies the object to create: a repeated request within a day creates no second one",
}


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Pass the request's `Once` to the view as `once`; None without a key. Place below `login_required`."""

    @wraps(view)
    def with_key(user: User, *args: Any, **kwargs: Any) -> Any:
        return view(user, *args, once=_once(user), **kwargs)

    return Blueprint.doc(parameters=[PARAMETER])(with_key)


def _once(user: User) -> Once | None:
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not re.fullmatch(PATTERN, key):
        detail = "Must be 1 to 255 visible ASCII characters, without quotes and backslashes inside."
        errors = [{"parameter": HEADER, "detail": detail}]
        raise Problem(422, "invalid-input", "The input is not valid.", errors=errors)
    return Once.of(user.id, key.strip('"'), request.method, request.path, request.get_data())
