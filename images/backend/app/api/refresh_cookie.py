"""The cookie of the refresh token: scripts cannot read it, and the browser sends it to PREFIX only.

If the site has https, its name begins with `__Host-` (RFC 6265bis): browsers accept it only over https and
only from this host, not from other hosts of the domain. Such a cookie is sent to every path. REFRESH_COOKIE
sets the name that is written. Both names are read, because pods with both settings run during a rollout.
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
    """Delete the cookies that the browser sent. It rejects a `__Host-` cookie without the same attributes."""
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
        # Browsers reject a Secure cookie over plain HTTP.
        "secure": for_this_host or current_app.config["ALLOWED_ORIGIN"].startswith("https://"),
    }
