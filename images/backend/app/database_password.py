"""A second password for PostgreSQL, good while one takes the other's place in the server and in the pods."""

from __future__ import annotations

from typing import Any

from psycopg import OperationalError
from sqlalchemy import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection


class Passwords:
    """Opens connections: with the password of the options, then with the fallback, if there is one."""

    def __init__(self, fallback: str) -> None:
        self._fallback = fallback

    def connect(self, dialect: Dialect, args: list[Any], options: dict[str, Any]) -> DBAPIConnection:
        try:
            return dialect.connect(*args, **options)
        except OperationalError as error:
            if not self._fallback or not _password_was_asked_for(error):
                raise
            return dialect.connect(*args, **{**options, "password": self._fallback})


def _password_was_asked_for(error: OperationalError) -> bool:
    """Whether the server is there and refuses us; libpq gives no SQLSTATE before there is a connection."""
    return error.pgconn is not None and error.pgconn.used_password
