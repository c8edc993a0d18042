"""The cookie of the refresh token: no script can read it, and the browser sends it to PREFIX only."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, request

from .. import sessions

PREFIX = "/api/v1/auth"
NAME = "refreshToken"


def read() -> str:
    return request.cookies.get(NAME, "")


def write(response: Response, token: str) -> Response:
    response.set_cookie(NAME, token, max_age=sessions.LIFETIME, **_scope())
    return response


def clear(response: Response) -> Response:
    response.delete_cookie(NAME, **_scope())
    return response


def _scope() -> dict[str, Any]:
    return {
        "path": PREFIX,
        "httponly": True,
        "samesite": "Lax",
        # A browser would drop a Secure cookie that came over plain HTTP.
        "secure": current_app.config["ALLOWED_ORIGIN"].startswith("https://"),
    }
