"""Refresh-token sessions in Redis.

A refresh token is `<session id>.<secret>`. Redis stores only the hash of the secret, so its data do not allow
a login. Each refresh returns a new secret, the successor of the secret in the request.

A response may be lost: the page is reloaded, the laptop sleeps, Redis is slow and a client retries. Two tabs
may also refresh at the same moment. So a secret stays valid until one of its successors is used, and each
request gets its own successor. The first use of a successor invalidates its predecessor and its siblings.

The use of an invalidated secret shows that it was copied. It ends the whole session, for the thief and the
owner. A thief cannot stay unnoticed, because no two requests get the same successor: once both have used
theirs, one of them has used an invalidated secret.

`session:<id>` is the session, `sessions:<user>` the index of a user's session ids by expiry time. The scripts
build some key names themselves, which works on a single Redis but not on a Redis Cluster.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from datetime import timedelta
from typing import NamedTuple

from .extensions import redis

log = logging.getLogger(__name__)

LIFETIME = timedelta(days=14)
# Valid successors of one secret, more than there are tabs that wake up at once. One more ends the oldest.
MOST_SUCCESSORS = 32
# One more session ends the oldest, so that no account fills Redis.
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

# Looks up the role of a token in its session. `secret` is the newest successor of `previous`; `siblings` has
# the others: "<previous> <successor> <successor>…". Pods of the previous version do not know `siblings` and
# may leave those of an earlier `previous`, which are ignored.
_FAMILY = """
local session, id, given = KEYS[1], ARGV[1], ARGV[2]
local secret, user, previous, siblings =
  unpack(redis.call('HMGET', session, 'secret', 'user', 'previous', 'siblings'))
if not secret then return {} end
local index, successors = 'sessions:' .. user, ' ' .. secret
if previous and siblings and string.sub(siblings, 1, #previous) == previous then
  successors = string.sub(siblings, #previous + 1) .. successors
end
local is_successor, is_previous = string.find(successors, given, 1, true), given == previous
local function finish()
  redis.call('DEL', session)
  redis.call('ZREM', index, id)
end
"""

# One script, so that concurrent requests to all replicas are serialized. It may run twice, for example when
# the reply of Redis is lost: the same token is still valid. Pods of the previous version read `rotated`.
_ROTATE = f"""{_FAMILY}
local fresh, lifetime, most = ARGV[3], ARGV[4], tonumber(ARGV[5])
local now = redis.call('TIME')[1]
if is_successor then
  redis.call('HSET', session, 'previous', given)
  redis.call('HDEL', session, 'siblings')
elseif is_previous then
  local others = string.sub(successors, -(#fresh + 1) * (most - 1))
  redis.call('HSET', session, 'siblings', previous .. others)
else
  finish()
  return {{'reused', user}}
end
redis.call('HSET', session, 'secret', fresh, 'rotated', now)
redis.call('EXPIRE', session, lifetime)
redis.call('ZADD', index, now + lifetime, id)
redis.call('EXPIRE', index, lifetime)
return {{'rotated', user}}
"""

_REVOKE = f"""{_FAMILY}
if is_successor or is_previous then finish() end
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


def start(user_id: int) -> Session:
    session_id, secret = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
    redis().eval(
        _START, 2, _key(session_id), _index(user_id),
        session_id, user_id, _hash(secret), _seconds(LIFETIME), SESSIONS_PER_USER,
    )  # fmt: skip
    return Session(session_id, user_id, f"{session_id}.{secret}")


def rotate(token: str) -> Session | None:
    """Exchange a refresh token for a successor; None if the session has ended, or ends by this call."""
    session_id, secret = _parts(token)
    fresh = secrets.token_urlsafe(32)
    outcome = redis().eval(
        _ROTATE, 1, _key(session_id),
        session_id, _hash(secret), _hash(fresh), _seconds(LIFETIME), MOST_SUCCESSORS,
    )  # fmt: skip
    match outcome:
        case ["rotated", user_id]:
            return Session(session_id, int(user_id), f"{session_id}.{fresh}")
        case ["reused", user_id]:
            log.warning("an invalidated refresh token of user %s was used: the session is ended", user_id)
    return None


def is_live(session_id: str, user_id: int) -> bool:
    return redis().hget(_key(session_id), "user") == str(user_id)


def revoke(token: str) -> None:
    """End the session of the refresh token. An invalid or empty token has no effect."""
    session_id, secret = _parts(token)
    redis().eval(_REVOKE, 1, _key(session_id), session_id, _hash(secret))


def revoke_all(user_id: int, *, but: str = "") -> None:
    """End all sessions of a user except the one with the given id."""
    redis().eval(_REVOKE_ALL, 1, _index(user_id), but)


def _parts(token: str) -> tuple[str, str]:
    # The format of issued tokens; any other text belongs to no session.
    found = re.fullmatch(r"([\w-]{1,64})\.([\w-]{1,64})", token, re.ASCII)
    return (found[1], found[2]) if found else ("", "")


def _key(session_id: str) -> str:
    return f"session:{session_id}"


def _index(user_id: int) -> str:
    return f"sessions:{user_id}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
