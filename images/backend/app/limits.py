"""How often somebody may try a password, sign up or report, counted in Redis and so over all replicas.

| what | for one account | for one client address |
|---|---|---|
| a wrong password | 10 in 15 minutes | 100 in 15 minutes |
| a sign-up | 5 in an hour | 50 in an hour |

Ten guesses in a quarter of an hour are plenty for a cook who forgot, and hopeless against a password of
eight characters. A whole office may share one address, and behind a load balancer that hides addresses
so does everybody: hence the wide numbers there, which still stop who tries lists of stolen passwords.

A right password counts nothing, resets its account and gives back its own attempt to the address, but no
other's: an own account is no way to guess at others. A refused attempt counts nothing either, since nothing
was tried; a lock thus ends when Retry-After says, however impatient the client is. An unknown account is
counted like any other. Whoever keeps guessing can keep the owner from logging in, but not from a session that
is open: refreshing has no limit.

A cook reports at most 200 prices, adds at most 100 ingredients and tells at most 200 aisles in an hour, more
than a receipt has lines.
Those are counted for the account alone, and not while Redis is away, which prices do not need.
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

# Libraries count one limit at a time: an attempt that the second refuses would have used up the first.
# One script: attempts at the same moment can't all see the last free one.
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
    """One attempt of this request's client, counted before it is made."""

    def __init__(self, limits: Limits, email: str) -> None:
        """Count it, or raise the problem to answer with when there were too many."""
        # Hashed: Redis has no need to know who signs up here, nor from where.
        self._keys = [
            f"limit:{limits.name}:account:{_hash(email)}",
            f"limit:{limits.name}:address:{_hash(_address())}",
        ]
        _count(redis(), dict(zip(self._keys, (limits.account, limits.address), strict=True)))

    def succeeded(self) -> None:
        redis().eval(_GIVE_BACK, len(self._keys), *self._keys)


def count(limit: Limit, name: str, user_id: int) -> None:
    """Count one more report of an account, or raise the problem to answer with when there were too many."""
    try:
        # The probe's client gives up fast: a report must not wait for a Redis that it does not need.
        _count(redis_probe(), {f"limit:{name}:account:{user_id}": limit})
    except RedisError as error:
        metrics.REDIS_ERRORS.inc()
        log.warning("%s of an account were not counted: %s", name, error)


def _count(client: Redis, limits: dict[str, Limit]) -> None:
    """Count one attempt under each key, or, if one has no more, under none."""
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


def _address() -> str:
    """The client's address, and for IPv6 its network, whose addresses one client can use at will."""
    text = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text  # a proxy may write what it likes
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
