"""Passwords, hashed with argon2id."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

# OWASP's second choice: 19 MiB a hash, so that all threads of a pod may hash at once within its limit.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(_normal(password))


# What a login to an unknown account is checked against, so that it takes as long as any other.
_NOBODY = _hasher.hash(secrets.token_urlsafe())


def verify_password(password_hash: str | None, password: str) -> bool:
    """Check a password; the work is the same when there is no such account (None)."""
    try:
        _hasher.verify(password_hash or _NOBODY, _normal(password))
    except VerifyMismatchError:
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Tell whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def _normal(password: str) -> str:
    # One Hangul syllable has two spellings in Unicode, and keyboards differ in which they send.
    return unicodedata.normalize("NFC", password)
