"""Hooks for Schemathesis: they log in, and again after each 401, for example after a generated logout.

Each login uses a new account and a new address, so that no rate limit applies.
"""

from __future__ import annotations

import secrets
from http.client import HTTPConnection
from json import dumps, loads
from urllib.parse import urlsplit

import schemathesis

PASSWORD = "only-for-the-fuzz"


@schemathesis.auth()
class NewAccount:
    def get(self, case: schemathesis.Case, _: schemathesis.AuthContext) -> tuple[str, str]:
        """An access token and a refresh token."""
        address = ".".join(str(byte) for byte in (10, *secrets.token_bytes(3)))
        headers = {"Content-Type": "application/json", "X-Forwarded-For": address}
        account = {"email": f"cook-{secrets.token_hex(8)}@example.com", "password": PASSWORD}
        connection = HTTPConnection(urlsplit(case.operation.schema.get_base_url()).netloc, timeout=10)
        for path, body in (("signup", {**account, "name": "김한끼"}), ("login", account)):
            connection.request("POST", f"/api/v1/auth/{path}", dumps(body), headers)
            answer = connection.getresponse()
            content = loads(answer.read())
            if answer.status >= 400:
                raise RuntimeError(f"{path}: {content}")
        connection.close()
        cookie = answer.getheader("Set-Cookie").partition(";")[0]
        return content["accessToken"], cookie.removeprefix("refreshToken=")

    def set(self, case: schemathesis.Case, tokens: tuple[str, str], _: schemathesis.AuthContext) -> None:
        access, refresh = tokens
        case.headers["Authorization"] = f"Bearer {access}"
        case.cookies["refreshToken"] = refresh
        body = case.body if isinstance(case.body, dict) else {}
        if case.operation.path == "/api/v1/auth/token" and isinstance(body.get("refreshToken"), str):
            body["refreshToken"] = refresh  # a generated password becomes the correct one


@schemathesis.hook
def before_call(_: schemathesis.HookContext, case: schemathesis.Case, kwargs: object) -> None:
    """Replace generated passwords by the correct one; otherwise no request would succeed."""
    if case.operation.path.startswith("/api/v1/me/") and isinstance(case.body, dict):
        for name in ("password", "currentPassword"):
            guess = case.body.get(name)
            if isinstance(guess, str) and 1 <= len(guess) <= 128 and guess.isprintable():
                case.body[name] = PASSWORD
