"""Repeated requests that create an object: after a lost response, or after a second click.

A client sends a key for each object that it creates (the header Idempotency-Key, an IETF draft). The key is
stored in the transaction that creates the object, so both exist or neither. A repeated key of the same user
returns the existing object. A request with the key of a running request waits for it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from . import accounts
from .models import IdempotencyKey, db
from .problems import Problem

# Longer than a user, or a phone without a network, retries. The page's editor relies on it (createOnce.ts).
LIFETIME = timedelta(days=1)
# Each request that stores a key removes at most this many expired keys, so that they do not accumulate.
REMOVED_AT_ONCE = 10


@dataclass(frozen=True)
class Once:
    """A request that creates one resource, identified by its key."""

    user_id: int
    key: str
    digest: bytes

    @classmethod
    def of(cls, user_id: int, key: str, *request: str | bytes) -> Once:
        digest = hashlib.sha256()
        for part in request:
            raw = part.encode() if isinstance(part, str) else part
            digest.update(b"%d:%b" % (len(raw), raw))
        return cls(user_id, key, digest.digest())

    def created_before(self) -> int | None:
        """The id of what this request has created already; None if it is the first, which then must `note`.

        Problem if the key was used for another request.
        """
        _remove_ended()
        row = insert(IdempotencyKey).values(user_id=self.user_id, key=self.key, request=self.digest)
        try:
            is_first = db.session.execute(row.on_conflict_do_nothing().returning(IdempotencyKey.key)).first()
        except IntegrityError as error:
            raise accounts.not_found() from error
        if is_first:
            return None
        found = db.session.execute(
            select(IdempotencyKey.request, IdempotencyKey.created_id).where(*self._is_this)
        ).one()
        if found.request != self.digest:
            detail = (
                "The Idempotency-Key was used for another request. Take a new one for each thing to create."
            )
            raise Problem(422, "idempotency-key-reused", detail)
        return found.created_id

    def note(self, created_id: int) -> None:
        """What this request has created, to be committed with it."""
        db.session.execute(update(IdempotencyKey).where(*self._is_this).values(created_id=created_id))

    @property
    def _is_this(self) -> tuple:
        return IdempotencyKey.user_id == self.user_id, IdempotencyKey.key == self.key


def _remove_ended() -> None:
    name = tuple_(IdempotencyKey.user_id, IdempotencyKey.key)
    ended = (
        select(IdempotencyKey.user_id, IdempotencyKey.key)
        .where(IdempotencyKey.created_at < func.now() - LIFETIME)
        .order_by(IdempotencyKey.created_at)
        .limit(REMOVED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    db.session.execute(
        delete(IdempotencyKey).where(name.in_(ended)).execution_options(synchronize_session=False)
    )
