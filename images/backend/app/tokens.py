"""Access tokens: signed, short-lived, and understood by every replica without asking anyone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
from flask import current_app

from .problems import unauthorized

LIFETIME = timedelta(minutes=15)
ALGORITHM = "HS256"
ISSUER = "hankki"


def issue_access_token(user_id: int) -> str:
    now = datetime.now(UTC)
    claims = {"iss": ISSUER, "sub": str(user_id), "iat": now, "exp": now + LIFETIME}
    return jwt.encode(claims, current_app.secret_key, algorithm=ALGORITHM)


def read_access_token(token: str) -> int:
    """Return the id of the user the token was issued to, or raise the problem to answer with."""
    try:
        claims = jwt.decode(
            token,
            current_app.secret_key,
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            options={"require": ["iss", "sub", "iat", "exp"]},
        )
        return int(claims["sub"])
    except jwt.ExpiredSignatureError as error:
        raise unauthorized("token-expired", "The access token has expired.") from error
    except (jwt.InvalidTokenError, ValueError) as error:
        raise unauthorized("token-invalid", "The access token is not valid.") from error
