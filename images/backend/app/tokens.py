"""Access tokens: signed and short-lived. Every replica verifies them without Redis or PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import jwt
from flask import current_app

from .problems import unauthorized

# Tolerated difference between the clocks of two nodes.
LEEWAY = timedelta(seconds=2)
ALGORITHM = "HS256"
ISSUER = "hankki"


class Claims(NamedTuple):
    user_id: int
    session_id: str


def issue_access_token(user_id: int, session_id: str) -> str:
    now, lifetime = datetime.now(UTC), current_app.config["ACCESS_TOKEN_LIFETIME"]
    claims = {"iss": ISSUER, "sub": str(user_id), "sid": session_id, "iat": now, "exp": now + lifetime}
    return jwt.encode(claims, current_app.secret_key, algorithm=ALGORITHM)


def read_access_token(token: str) -> Claims:
    """Return the user and the session of the token, or raise the problem to respond with."""
    try:
        claims = _decode(token)
        return Claims(int(claims["sub"]), str(claims["sid"]))
    except jwt.ExpiredSignatureError as error:
        raise unauthorized("token-expired", "The access token has expired.") from error
    except (jwt.InvalidTokenError, ValueError) as error:
        raise unauthorized("token-invalid", "The access token is not valid.") from error


def _decode(token: str) -> dict[str, Any]:
    # During a key rotation, tokens signed with the previous key are valid too: some replicas may still sign
    # with it.
    *others, last = [current_app.secret_key, *current_app.config["SECRET_KEY_FALLBACKS"]]
    for key in others:
        try:
            return _decode_with(key, token)
        except jwt.InvalidSignatureError:
            continue
    return _decode_with(last, token)


def _decode_with(key: str, token: str) -> dict[str, Any]:
    return jwt.decode(
        token,
        key,
        algorithms=[ALGORITHM],
        issuer=ISSUER,
        leeway=LEEWAY,
        # `iat` is not verified: it is in the future if the issuing node's clock is ahead.
        options={"require": ["iss", "sub", "sid", "iat", "exp"], "verify_iat": False},
    )
