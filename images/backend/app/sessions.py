"""Refresh-token sessions in Redis.

A refresh token is `<session id>.<secret>`. Redis holds only the hash of the secret, so its content lets
nobody in. Each refresh replaces the secret. A secret that was replaced already has been copied by
somebody: the whole session ends then, for the thief and for the owner.

Two tabs of one browser may refresh at the same moment, and over plain HTTP browsers offer them no lock to
agree with. So for OVERLAP the secret that was just replaced is refused without ending the session: the
tab that was second tries again with the cookie the first one got. A thief gains nothing by it, for the
refused token stays refused, and its next use ends the session.

`session:<id>` is the session, `sessions:<user>` the index of a user's session ids by when they expire.
The scripts build the names of some keys themselves, which a single Redis allows and a Redis Cluster does not.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import NamedTuple

from .extensions import redis

LIFETIME = timedelta(days=14)
OVERLAP = timedelta(seconds=10)
# A new one ends the oldest, so that no account fills Redis.
SESSIONS_PER_USER = 50

_START = """
local session, index = KEYS[1], KEYS[2]
local id, user, secret, lifetime, most = unpack(ARGV)
local now = redis.call('TIME')[1]
redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
redis.call('HSET', session, 'user', user, 'secret', secret)
redis.call('EXPIRE', session, lifetime)
redis.call('ZADD', index, now + lifetime, id)
redis.call('EXPIRE', index, lifetime)
while redis.call('ZCARD', index) > tonumber(most) do
  redis.call('DEL', 'session:' .. redis.call('ZPOPMIN', index)[1])
end
"""

# One script, so that of two refreshes with one token only the first succeeds, whichever replica it meets.
_ROTATE = """
local session = KEYS[1]
local id, given, fresh, lifetime, overlap = unpack(ARGV)
local secret, user, previous, rotated =
  unpack(redis.call('HMGET', session, 'secret', 'user', 'previous', 'rotated'))
if not secret then return {'ended'} end
local now, index = redis.call('TIME')[1], 'sessions:' .. user
if secret ~= given then
  if previous == given and now - rotated < tonumber(overlap) then return {'superseded'} end
  redis.call('DEL', session)
  redis.call('ZREM', index, id)
  return {'ended'}
end
redis.call('HSET', session, 'secret', fresh, 'previous', secret, 'rotated', now)
redis.call('EXPIRE', session, lifetime)
redis.call('ZADD', index, now + lifetime, id)
redis.call('EXPIRE', index, lifetime)
return {'rotated', user}
"""

_REVOKE = """
local session, id, given = KEYS[1], ARGV[1], ARGV[2]
local secret, user, previous = unpack(redis.call('HMGET', session, 'secret', 'user', 'previous'))
if not secret or (secret ~= given and previous ~= given) then return end
redis.call('DEL', session)
redis.call('ZREM', 'sessions:' .. user, id)
"""

_REVOKE_ALL = """
local index, kept = KEYS[1], ARGV[1]
for _, id in ipairs(redis.call('ZRANGE', index, 0, -1)) do
  if id ~= kept then
    redis.call('DEL', 'session:' .. id)
    redis.call('ZREM', index, id)
  end
end
"""


class Session(NamedTuple):
    id: str
    user_id: int
    refresh_token: str


class Superseded(Exception):
    """The refresh token was exchanged a moment ago, by another tab most likely."""


def start(user_id: int) -> Session:
    session_id, secret = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
    redis().eval(
        _START, 2, _key(session_id), _index(user_id),
        session_id, user_id, _hash(secret), _seconds(LIFETIME), SESSIONS_PER_USER,
    )  # fmt: skip
    return Session(session_id, user_id, f"{session_id}.{secret}")


def rotate(token: str) -> Session | None:
    """Exchange a refresh token for the next one; None when the session has ended, be it by this very call."""
    session_id, secret = _parts(token)
    fresh = secrets.token_urlsafe(32)
    outcome, *user_id = redis().eval(
        _ROTATE, 1, _key(session_id),
        session_id, _hash(secret), _hash(fresh), _seconds(LIFETIME), _seconds(OVERLAP),
    )  # fmt: skip
    if outcome == "superseded":
        raise Superseded
    return Session(session_id, int(user_id[0]), f"{session_id}.{fresh}") if user_id else None


def is_live(session_id: str, user_id: int) -> bool:
    return redis().hget(_key(session_id), "user") == str(user_id)


def revoke(token: str) -> None:
    """End the session of its refresh token; another token, or none, changes nothing."""
    session_id, secret = _parts(token)
    redis().eval(_REVOKE, 1, _key(session_id), session_id, _hash(secret))


def revoke_all(user_id: int, *, but: str = "") -> None:
    """End all sessions of a user, but for the one with the given id."""
    redis().eval(_REVOKE_ALL, 1, _index(user_id), but)


def _parts(token: str) -> tuple[str, str]:
    session_id, _, secret = token.partition(".")
    return session_id, secret


def _key(session_id: str) -> str:
    return f"session:{session_id}"


def _index(user_id: int) -> str:
    return f"sessions:{user_id}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
