"""Refresh-token sessions in Redis.

A refresh token is `<session id>.<secret>`. Redis holds only the hash of the secret, so its content lets
nobody in. Each refresh replaces the secret. A secret that was replaced already has been copied by
somebody: the whole session ends then, for the thief and for the owner.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from .extensions import redis

LIFETIME = timedelta(days=14)

# One script, so that of two refreshes with one token only the first succeeds, whichever replica it meets.
_ROTATE = """
local secret = redis.call('HGET', KEYS[1], 'secret')
if not secret then return false end
if secret ~= ARGV[1] then
  redis.call('DEL', KEYS[1])
  return false
end
redis.call('HSET', KEYS[1], 'secret', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return redis.call('HGET', KEYS[1], 'user')
"""

_REVOKE = """
if redis.call('HGET', KEYS[1], 'secret') == ARGV[1] then redis.call('DEL', KEYS[1]) end
"""


def ensure_available() -> None:
    """Raise Redis' own error when no session could be kept, before any work is done for one."""
    redis().ping()


def start(user_id: int) -> str:
    """Begin a session; returns its first refresh token."""
    session_id, secret = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
    with redis().pipeline(transaction=True) as pipe:
        pipe.hset(_key(session_id), mapping={"user": user_id, "secret": _hash(secret)})
        pipe.expire(_key(session_id), LIFETIME)
        pipe.execute()
    return f"{session_id}.{secret}"


def rotate(token: str) -> tuple[int, str] | None:
    """Exchange a refresh token for (user id, next token); None if it is not the session's current one."""
    session_id, secret = _parts(token)
    fresh = secrets.token_urlsafe(32)
    seconds = int(LIFETIME.total_seconds())
    user_id = redis().eval(_ROTATE, 1, _key(session_id), _hash(secret), _hash(fresh), seconds)
    return (int(user_id), f"{session_id}.{fresh}") if user_id else None


def revoke(token: str) -> None:
    """End the session of its current refresh token; another token, or none, changes nothing."""
    session_id, secret = _parts(token)
    redis().eval(_REVOKE, 1, _key(session_id), _hash(secret))


def _parts(token: str) -> tuple[str, str]:
    session_id, _, secret = token.partition(".")
    return session_id, secret


def _key(session_id: str) -> str:
    return f"session:{session_id}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
