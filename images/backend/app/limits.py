"""Rate limits of logins, sign-ups and reports, counted in Redis for all replicas.

| what | for one account | for one client address |
|---|---|---|
| a wrong password | 10 in 15 minutes | 100 in 15 minutes |
| a sign-up | 5 in an hour | 50 in an hour |

Ten attempts in 15 minutes are enough for a user who forgot the password, and too few to guess a password of
eight characters. An office may share one address, and behind a load balancer that hides addresses all users
do. So the limits for an address are high; they still stop attacks with lists of stolen passwords.

A correct password resets the count of its account and subtracts its own attempt from the address, but no
other attempts: an attacker's own account does not help to guess others. A refused attempt does not count, so
a lock ends when Retry-After says, or with `flask reset-password`. An unknown account counts like any other.
An attacker can keep the owner from logging in, but not from using an open session: refreshing has no limit.

A user may report 200 prices, add 100 ingredients and set 200 aisles in an hour, more than a receipt has
lines. A price that still needs the user's confirmation does not count. These limits count for the account
only, and do not apply while Redis is unavailable, because prices do not need Redis.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
from datetime import timedelta
from typing import NamedTuple

from flask import request
from redis import Redis
from redis.exceptions import RedisError

from . import metrics
from .extensions import redis, redis_probe
from .problems import Problem

log = logging.getLogger(__name__)


class Limit(NamedTuple):
    attempts: int
    window: timedelta


class Limits(NamedTuple):
    name: str
    account: Limit
    address: Limit


PASSWORD = Limits("password", Limit(10, timedelta(minutes=15)), Limit(100, timedelta(minutes=15)))
SIGNUP = Limits("signup", Limit(5, timedelta(hours=1)), Limit(50, timedelta(hours=1)))
PRICES = Limit(200, timedelta(hours=1))
INGREDIENTS = Limit(100, timedelta(hours=1))
AISLES = Limit(200, timedelta(hours=1))

# Libraries count one limit at a time: an attempt that the second limit refuses would count for the first.
# One script, so that concurrent attempts cannot all use the last free one.
# A window begins with its first attempt.
_COUNT = """
local wait = 0
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or 0) >= tonumber(ARGV[2 * i - 1]) then
    wait = math.max(wait, redis.call('TTL', key), 1)
  end
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then redis.call('EXPIRE', key, ARGV[2 * i]) end
end
return 0
"""

_GIVE_BACK = """
redis.call('DEL', KEYS[1])
if tonumber(redis.call('GET', KEYS[2]) or 0) > 0 then redis.call('DECR', KEYS[2]) end
"""


class Attempt:
    """One attempt of the current request, counted before it is made."""

    def __init__(self, limits: Limits, email: str) -> None:
        """Count the attempt, or raise the problem to respond with if there were too many."""
        # Hashed, so that Redis stores no e-mail and client addresses.
        self._keys = [
            _account_key(limits, email),
            f"limit:{limits.name}:address:{_hash(_address())}",
        ]
        _count(redis(), dict(zip(self._keys, (limits.account, limits.address), strict=True)))

    def succeeded(self) -> None:
        redis().eval(_GIVE_BACK, len(self._keys), *self._keys)


def reset(limits: Limits, email: str) -> None:
    """Forget the attempts for an account. The attempts from addresses still count."""
    redis().delete(_account_key(limits, email))


def count(limit: Limit, name: str, user_id: int) -> None:
    """Count a report of an account, or raise the problem to respond with if there were too many."""
    try:
        # The client for probes has short timeouts: a report must not wait for Redis.
        _count(redis_probe(), {f"limit:{name}:account:{user_id}": limit})
    except RedisError as error:
        metrics.REDIS_ERRORS.inc()
        log.warning("rate limit not applied to %s: %s", name, error)


def _count(client: Redis, limits: dict[str, Limit]) -> None:
    """Count one attempt for each key, or for none if one key has reached its limit."""
    numbers = [
        number for limit in limits.values() for number in (limit.attempts, int(limit.window.total_seconds()))
    ]
    wait = client.eval(_COUNT, len(limits), *limits, *numbers)
    if wait:
        raise Problem(
            429,
            "too-many-attempts",
            f"There were too many attempts. Try again in {-(-wait // 60)} min.",
            headers={"Retry-After": str(wait)},
        )


def _account_key(limits: Limits, email: str) -> str:
    return f"limit:{limits.name}:account:{_hash(email)}"


def _address() -> str:
    """The client's address; for IPv6 its /64 network, in which a client can choose addresses."""
    text = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text  # the header of a proxy may contain any text
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
