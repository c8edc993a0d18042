"""Rotation of the password of PostgreSQL while the API runs, with the fallback."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from servers import PASSWORD, Postgres

NEW = "the-one-to-come"


@contextmanager
def replaced(postgres: Postgres) -> Iterator[None]:
    """The server accepts only the new password; open connections stay open."""
    change = f"ALTER ROLE {postgres.user} PASSWORD "
    with postgres.connect() as connection:
        connection.execute(f"{change} '{NEW}'")
        try:
            yield
        finally:
            connection.execute(f"{change} '{PASSWORD}'")


def read(app: Flask) -> int:
    """The status of an uncached read."""
    return app.test_client().get(f"/api/v1/recipes?q={time.monotonic_ns()}").status_code


def test_fallback_connects_if_the_password_is_refused(
    make_app: Callable[..., Flask], postgres: Postgres
) -> None:
    app = make_app(DATABASE_PASSWORD_FALLBACK=NEW)
    with replaced(postgres):
        assert read(app) == 200


def test_refused_password_without_a_fallback_is_an_outage(
    make_app: Callable[..., Flask], postgres: Postgres
) -> None:
    for fallback in ("", "neither-this-one"):
        app = make_app(DATABASE_PASSWORD_FALLBACK=fallback)
        with replaced(postgres):
            assert read(app) == 503


def test_commands_use_the_fallback(make_app: Callable[..., Flask], postgres: Postgres) -> None:
    app = make_app(DATABASE_PASSWORD_FALLBACK=NEW)
    with replaced(postgres):
        result = app.test_cli_runner().invoke(args=["release"])
    assert result.exit_code == 0, result.output
