"""Answers kept in Redis, for all replicas, until a recipe, a price or an author's name changes.

All entries carry a generation, a random word in Redis. A change throws the word away after its commit, and
with it every entry at once: who reads next makes up another. Whoever read the database before the commit
stores under the old word, where nobody looks any more. It is thrown away, not replaced, since a Redis that
is full still deletes.

Redis is never needed: when it does not answer, reads go to PostgreSQL, for some seconds without asking it
again. A change does ask: it would rather wait than be overlooked. If the word could not be thrown away, the
process that owes it does so before it reads the cache next; should it die first, entries end by themselves
after LIFETIME.

Entries share SLOTS places, so that they never take the room of sessions, whatever is asked for. Two that
have the same place replace each other, which costs little, for each worker keeps its answers besides.

A process may rely on the word it has read for LEASE, and who makes a change waits as long before it answers.
So whoever asks after that answer sees the change, although not every read asks Redis (app/answers.py).
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
# How long Redis is not asked after it failed.
PAUSE = 3.0
# Every change takes that much longer, and every process asks at most that often for the word.
LEASE = 0.02
GENERATION = "cache:generation"
# So that even a forgotten Redis ends up empty. A new word costs each entry one read of PostgreSQL.
GENERATION_LIFETIME = timedelta(days=1)
# Together at most 32 MiB, a quarter of what Redis has by default; larger entries are not kept.
SLOTS = 1024
LARGEST = 31 * 1024

# Generation and entry in one round trip, and how many milliseconds the entry still has.
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

    def fetch(self, name: str, produce: Callable[[], str]) -> Entry:
        """The entry of that name, or what `produce` returns, which is kept. It may raise."""
        name = f"{self._edition}:{name}"
        slot = f"cache:{zlib.crc32(name.encode()) % SLOTS}"
        lifetime = int(GENERATION_LIFETIME.total_seconds())
        asked_at = time.monotonic()
        found = self._ask(lambda: self._redis.eval(_READ, 2, GENERATION, slot, _word(), name, lifetime))
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
        self._ask(lambda: None, even_in_the_pause=True)
        time.sleep(LEASE)

    def _ask(self, question: Callable[[], Any], *, even_in_the_pause: bool = False) -> Any:
        if time.monotonic() < self._asks_again_at and not even_in_the_pause:
            return None
        try:
            if self._owes_new_generation:
                # Before it is done: a change that comes meanwhile owes another one.
                self._owes_new_generation = False
                try:
                    self._redis.delete(GENERATION)
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
