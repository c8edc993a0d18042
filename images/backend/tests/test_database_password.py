"""The password of PostgreSQL is replaced while the API runs, by one that it was told of before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from servers import PASSWORD, Postgres

NEW = "the-one-to-come"


@contextmanager
def replaced(postgres: Postgres) -> Iterator[None]:
    """The server takes the new one only; connections that are open stay open."""
    change = f"ALTER ROLE {postgres.user} PASSWORD "
    with postgres.connect() as connection:
        connection.execute(f"{change} '{NEW}'")
        try:
            yield
        finally:
            connection.execute(f"{change} '{PASSWORD}'")


def read(app: Flask) -> int:
    """The status of a read that only PostgreSQL can answer."""
    return app.test_client().get(f"/api/v1/recipes?q={time.monotonic_ns()}").status_code


def test_the_fallback_opens_what_the_password_does_not(
    make_app: Callable[..., Flask], postgres: Postgres
) -> None:
    told = make_app(DATABASE_PASSWORD_FALLBACK=NEW)
    with replaced(postgres):
        assert read(told) == 200


def test_without_a_fallback_the_server_counts_as_gone(
    make_app: Callable[..., Flask], postgres: Postgres
) -> None:
    for fallback in ("", "neither-this-one"):
        app = make_app(DATABASE_PASSWORD_FALLBACK=fallback)
        with replaced(postgres):
            assert read(app) == 503


def test_commands_know_the_fallback_too(make_app: Callable[..., Flask], postgres: Postgres) -> None:
    told = make_app(DATABASE_PASSWORD_FALLBACK=NEW)
    with replaced(postgres):
        result = told.test_cli_runner().invoke(args=["release"])
    assert result.exit_code == 0, result.output
