"""A client of PostgreSQL that vanishes with its node must not hold its locks for hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from servers import PASSWORD, Postgres
from sqlalchemy import text

from app.models import db


@pytest.fixture
def ordinary_user(postgres: Postgres) -> Iterator[str]:
    postgres.execute(f"CREATE ROLE ordinary LOGIN PASSWORD '{PASSWORD}'")
    yield "ordinary"
    postgres.execute("DROP ROLE ordinary")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("tcp_keepalives_idle", "5"),
        ("tcp_keepalives_interval", "2"),
        ("tcp_keepalives_count", "3"),
        ("tcp_user_timeout", "10000"),
    ],
)
def test_server_closes_the_session_of_a_vanished_client(
    make_app: Callable[..., Flask], ordinary_user: str, setting: str, value: str
) -> None:
    """Reads the session parameters of the API's own connection."""
    with make_app(DATABASE_USER=ordinary_user).app_context():
        assert db.session.scalar(text(f"SHOW {setting}")) == value
        db.session.rollback()
        assert not db.session.scalar(text("SELECT usesuper FROM pg_user WHERE usename = current_user"))
