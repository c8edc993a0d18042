"""Passwords, hashed with argon2id."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

# OWASP's second recommendation: 19 MiB for each hash, so that all threads of a pod can hash at once within
# its memory limit.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(_normal(password))


# The hash for logins to unknown accounts, so that they take as long as others.
_NOBODY = _hasher.hash(secrets.token_urlsafe())


def verify_password(password_hash: str | None, password: str) -> bool:
    """Verify a password; None, for an unknown account, takes the same time."""
    try:
        _hasher.verify(password_hash or _NOBODY, _normal(password))
    except VerifyMismatchError:
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether a hash has other parameters than the current ones."""
    return _hasher.check_needs_rehash(password_hash)


def _normal(password: str) -> str:
    # A Hangul syllable has two spellings in Unicode, and keyboards send different ones.
    return unicodedata.normalize("NFC", password)
