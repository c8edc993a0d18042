"""A cache in Redis for all replicas. A change of a recipe, a price or an author's name invalidates all of it.

Each entry carries a generation token, a random value in Redis. After its commit, a change deletes the token,
which invalidates every entry at once; the next read generates a new token. A request that read the database
before the commit stores its entry under the old token, which no read uses. The token is deleted and not
replaced, because a full Redis still accepts deletes.

The API works without Redis: if Redis does not respond, reads go to PostgreSQL, and skip Redis for PAUSE. A
change tries Redis even during PAUSE, because a missed invalidation is worse than a delay. If the token could
not be deleted, the process deletes it before its next read of the cache. If the process exits first, entries
expire after LIFETIME.

Entries share SLOTS keys, so they never take the memory of sessions. Two entries with the same slot overwrite
each other, which costs little, because each worker caches responses as well.

A process may use a token for LEASE after reading it, and a change waits that long before it responds. So a
request after that response sees the change, although not every read asks Redis (app/response_cache.py).
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import event
from sqlalchemy.orm import Session

from . import metrics
from .models import Ingredient, IngredientPrice, Recipe, db

log = logging.getLogger(__name__)

LIFETIME = timedelta(minutes=1)
# Seconds for which reads skip Redis after a failure.
PAUSE = 3.0
# Seconds that each change takes longer, and between two reads of the token by a process.
LEASE = 0.02
GENERATION = "cache:generation"
# An unused Redis becomes empty. A new token costs one read of PostgreSQL for each entry.
GENERATION_LIFETIME = timedelta(days=1)
# Together at most 32 MiB, a quarter of Redis' default memory. Larger entries are not cached.
SLOTS = 1024
LARGEST = 31 * 1024

# Reads token, entry and the remaining lifetime of the entry in ms, in one round trip.
_READ = """
local generation = redis.call('GET', KEYS[1])
if not generation then
  generation = ARGV[1]
  redis.call('SET', KEYS[1], generation, 'EX', ARGV[3])
end
local head = generation .. ' ' .. ARGV[2] .. '\\n'
local kept = redis.call('GET', KEYS[2])
if not kept or string.sub(kept, 1, #head) ~= head then return {generation} end
return {generation, string.sub(kept, #head + 1), redis.call('PTTL', KEYS[2])}
"""


class Entry(NamedTuple):
    body: str
    # The token and the expiry time (time.monotonic()); None if the entry is not cached.
    generation: str | None = None
    until: float = 0.0


class Cache:
    def __init__(self, redis: Redis, code_version: str) -> None:
        self._redis = redis
        self._code_version = code_version
        self._retry_at = 0.0
        self._must_delete_token = False
        self._lease: tuple[str | None, float] = (None, 0.0)

    def fetch(self, name: str, produce: Callable[[], str]) -> Entry:
        """Return the cached entry, or call `produce`, which may raise, and cache its result."""
        name = f"{self._code_version}:{name}"
        slot = f"cache:{zlib.crc32(name.encode()) % SLOTS}"
        lifetime = int(GENERATION_LIFETIME.total_seconds())
        asked_at = time.monotonic()
        found = self._ask(lambda: self._redis.eval(_READ, 2, GENERATION, slot, _token(), name, lifetime))
        if found is None:
            return Entry(produce())
        generation, *kept = found
        if kept:
            body, milliseconds = kept
            return Entry(body, generation, asked_at + milliseconds / 1000)
        body = produce()
        until = time.monotonic() + LIFETIME.total_seconds()
        kept = f"{generation} {name}\n{body}"
        if len(kept.encode()) <= LARGEST:
            self._ask(lambda: self._redis.set(slot, kept, ex=LIFETIME))
        return Entry(body, generation, until)

    def generation(self) -> str | None:
        """The current token, at most LEASE old; None without Redis."""
        asked_at = time.monotonic()
        token, until = self._lease
        if asked_at >= until:
            token = self._ask(lambda: self._redis.get(GENERATION))
            self._lease = (token, asked_at + LEASE)
        return token

    def clear(self) -> None:
        """Invalidate all entries for all replicas, now or as soon as Redis responds."""
        self._must_delete_token = True
        self._lease = (None, 0.0)  # the token is about to be deleted
        self._ask(lambda: None, during_pause=True)
        time.sleep(LEASE)

    def _ask(self, question: Callable[[], Any], *, during_pause: bool = False) -> Any:
        if time.monotonic() < self._retry_at and not during_pause:
            return None
        try:
            if self._must_delete_token:
                # Reset before the delete: a change during the delete must set it again.
                self._must_delete_token = False
                try:
                    self._redis.delete(GENERATION)
                except RedisError:
                    self._must_delete_token = True
                    raise
            return question()
        except RedisError as error:
            self._retry_at = time.monotonic() + PAUSE
            metrics.REDIS_ERRORS.inc()
            log.warning("cache disabled for %.0f s: %s", PAUSE, error)
            return None


def init_app(app: Flask) -> None:
    # A cache needs the short timeouts of the client for probes.
    app.extensions["cache"] = Cache(app.extensions["redis_probe"], code_version())


def code_version() -> str:
    """A hash of the code: during a rollout, the responses of two versions may differ."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def fetch(key: str, produce: Callable[[], str]) -> Entry:
    return current_app.extensions["cache"].fetch(key, produce)


def clear_after_commit() -> None:
    """Invalidate the cache after the commit, for a change that bypasses the ORM's flush."""
    db.session().info["clears_cache"] = True


@event.listens_for(db.session, "after_flush")
def _note_changes(session: Session, _: object) -> None:
    # An author's name is cached too, but accounts.py changes accounts without the ORM and calls this itself.
    shown = Recipe | Ingredient | IngredientPrice
    if any(isinstance(item, shown) for item in (*session.new, *session.dirty, *session.deleted)):
        clear_after_commit()


@event.listens_for(db.session, "after_commit")
def _clear(session: Session) -> None:
    if session.info.pop("clears_cache", False):
        current_app.extensions["cache"].clear()


@event.listens_for(db.session, "after_soft_rollback")
def _forget_changes(session: Session, _: object) -> None:
    session.info.pop("clears_cache", None)


def _token() -> str:
    return secrets.token_urlsafe(12)
