"""A fallback password for PostgreSQL, for the rotation of the password in the server and in the pods."""

from __future__ import annotations

from typing import Any

from psycopg import OperationalError
from sqlalchemy import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection


class Passwords:
    """Opens connections with the configured password, then with the fallback, if any."""

    def __init__(self, fallback: str) -> None:
        self._fallback = fallback

    def connect(self, dialect: Dialect, args: list[Any], options: dict[str, Any]) -> DBAPIConnection:
        try:
            return dialect.connect(*args, **options)
        except OperationalError as error:
            if not self._fallback or not _password_was_requested(error):
                raise
            return dialect.connect(*args, **{**options, "password": self._fallback})


def _password_was_requested(error: OperationalError) -> bool:
    """Whether the server refused the password; libpq has no SQLSTATE for a failed connection."""
    return error.pgconn is not None and error.pgconn.used_password
