"""The cookie of the refresh token: no script can read it, and the browser sends it to PREFIX only.

Over https of our own its name begins with `__Host-` (RFC 6265bis): browsers take it over https alone and
from this host alone, not from a neighbour of the same domain. Such a cookie is sent to every path. Which of
the names is written is the environment's to say. All are read, for pods of both kinds run side by side.
"""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, request

from .. import sessions
from ..settings import REFRESH_COOKIES

PREFIX = "/api/v1/auth"


def name() -> str:
    return current_app.config["REFRESH_COOKIE"]


def read() -> str:
    for known in (name(), *REFRESH_COOKIES):
        if token := request.cookies.get(known, ""):
            return token
    return ""


def write(response: Response, token: str) -> Response:
    response.set_cookie(name(), token, max_age=sessions.LIFETIME, **_scope(name()))
    return _forget_others(response)


def clear(response: Response) -> Response:
    response.delete_cookie(name(), **_scope(name()))
    return _forget_others(response)


def _forget_others(response: Response) -> Response:
    """Delete those that the browser has; it refuses one with `__Host-` that comes without its scope."""
    for known in REFRESH_COOKIES:
        if known != name() and known in request.cookies:
            response.delete_cookie(known, **_scope(known))
    return response


def _scope(of: str) -> dict[str, Any]:
    for_this_host = of.startswith("__Host-")
    return {
        "path": "/" if for_this_host else PREFIX,
        "httponly": True,
        "samesite": "Lax",
        # A browser would drop a Secure cookie that came over plain HTTP.
        "secure": for_this_host or current_app.config["ALLOWED_ORIGIN"].startswith("https://"),
    }
