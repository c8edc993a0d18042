"""Answers kept in Redis, for all replicas, until a recipe, a price or an author's name changes.

All entries carry a generation, a random word in Redis. A change replaces the word after its commit, and
with it every entry at once. Whoever read the database before the commit stores under the old word, where
nobody looks any more. Redis is never needed: when it does not answer, reads go to PostgreSQL, for some
seconds without asking it again. If the word could not be replaced, the process that owes it does so before
it reads the cache next; should it die first, entries end by themselves after LIFETIME.

A process may rely on the word it has read for LEASE, and who makes a change waits as long before it answers.
So whoever asks after that answer sees the change, although not every read asks Redis (app/answers.py).
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
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
# How long Redis is not asked after it failed.
PAUSE = 3.0
# Every change takes that much longer, and every process asks at most that often for the word.
LEASE = 0.02
GENERATION = "cache:generation"

# Generation and entry in one round trip, and how many milliseconds the entry still has.
_READ = """
local generation = redis.call('GET', KEYS[1])
if not generation then
  generation = ARGV[1]
  redis.call('SET', KEYS[1], generation)
end
local key = 'cache:' .. generation .. ':' .. ARGV[2]
return {generation, redis.call('GET', key), redis.call('PTTL', key)}
"""


class Entry(NamedTuple):
    body: str
    # The word it is kept under, and until when by time.monotonic(); None if it is not kept.
    generation: str | None = None
    until: float = 0.0


class Cache:
    def __init__(self, redis: Redis, edition: str) -> None:
        self._redis = redis
        self._edition = edition
        self._asks_again_at = 0.0
        self._owes_new_generation = False
        self._lease: tuple[str | None, float] = (None, 0.0)

    def fetch(self, key: str, produce: Callable[[], str]) -> Entry:
        """The entry of the key, or what `produce` returns, which is kept. Its exceptions are the caller's."""
        key = f"{self._edition}:{key}"
        asked_at = time.monotonic()
        found = self._ask(lambda: self._redis.eval(_READ, 1, GENERATION, _word(), key))
        if found is None:
            return Entry(produce())
        generation, body, milliseconds = found
        if body is not None:
            return Entry(body, generation, asked_at + milliseconds / 1000)
        body = produce()
        until = time.monotonic() + LIFETIME.total_seconds()
        self._ask(lambda: self._redis.set(f"cache:{generation}:{key}", body, ex=LIFETIME))
        return Entry(body, generation, until)

    def generation(self) -> str | None:
        """The word that entries must have, read within LEASE; None if Redis does not tell."""
        asked_at = time.monotonic()
        word, until = self._lease
        if asked_at >= until:
            word = self._ask(lambda: self._redis.get(GENERATION))
            self._lease = (word, asked_at + LEASE)
        return word

    def clear(self) -> None:
        """Make all replicas forget all entries, now or as soon as Redis answers."""
        self._owes_new_generation = True
        self._lease = (None, 0.0)  # a word that is owed must not be relied on
        self._ask(lambda: None)
        time.sleep(LEASE)

    def _ask(self, question: Callable[[], Any]) -> Any:
        if time.monotonic() < self._asks_again_at:
            return None
        try:
            if self._owes_new_generation:
                # Before it is done: a change that comes meanwhile owes another one.
                self._owes_new_generation = False
                try:
                    self._redis.set(GENERATION, _word())
                except RedisError:
                    self._owes_new_generation = True
                    raise
            return question()
        except RedisError as error:
            self._asks_again_at = time.monotonic() + PAUSE
            metrics.REDIS_ERRORS.inc()
            log.warning("the cache is left out for %.0f s: %s", PAUSE, error)
            return None


def init_app(app: Flask) -> None:
    # The probe's client gives up fast, which is right for a cache too.
    app.extensions["cache"] = Cache(app.extensions["redis_probe"], edition())


def edition() -> str:
    """Tells one version of the code from another: while one replaces the other, answers may differ."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def fetch(key: str, produce: Callable[[], str]) -> Entry:
    return current_app.extensions["cache"].fetch(key, produce)


def clear_after_commit() -> None:
    """For a change that bypasses the ORM's flush."""
    db.session().info["clears_cache"] = True


@event.listens_for(db.session, "after_flush")
def _note_changes(session: Session, _: object) -> None:
    # An author's name is seen too, but accounts are changed past the ORM: accounts.py says so itself.
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


def _word() -> str:
    return secrets.token_urlsafe(12)
