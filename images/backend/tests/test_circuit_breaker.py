"""While PostgreSQL is unreachable, one request at a time tries to connect; the others fail at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from cable import Cable
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.circuit_breaker import PAUSE
from app.extensions import DATABASE_OPTIONS
from app.models import db
from app.settings import THREADS_PER_WORKER

CONNECT_TIMEOUT = DATABASE_OPTIONS["connect_args"]["connect_timeout"]
# Seconds; a longer request has waited for a timeout.
AT_ONCE = 0.9 * CONNECT_TIMEOUT


@pytest.fixture
def app(make_app: Callable[..., Flask], cable: Cable) -> Flask:
    return make_app(DATABASE_PORT=str(cable.port))


def read(app: Flask) -> tuple[int, float]:
    """The status of an uncached read, and its duration in seconds."""
    began = time.monotonic()
    response = app.test_client().get(f"/api/v1/recipes?q={time.monotonic_ns()}")
    return response.status_code, time.monotonic() - began


def read_in_all_threads(app: Flask) -> tuple[list[int], list[float]]:
    with ThreadPoolExecutor(THREADS_PER_WORKER) as threads:
        results = threads.map(read, [app] * THREADS_PER_WORKER)
        statuses, seconds = zip(*results, strict=True)
        return list(statuses), sorted(seconds)


def test_after_a_failure_one_request_connects_and_the_others_fail_at_once(app: Flask, cable: Cable) -> None:
    assert read(app)[0] == 200
    cable.unplug()

    status, seconds = read(app)
    assert status == 503
    assert seconds > AT_ONCE
    assert cable.attempts == 1

    statuses, seconds = read_in_all_threads(app)
    assert statuses == [503] * THREADS_PER_WORKER
    assert seconds[-1] < AT_ONCE
    assert cable.attempts == 1

    time.sleep(PAUSE)
    statuses, seconds = read_in_all_threads(app)
    assert statuses == [503] * THREADS_PER_WORKER
    assert seconds[-2] < AT_ONCE < seconds[-1] < CONNECT_TIMEOUT + AT_ONCE
    assert cable.attempts == 2

    cable.plug()
    time.sleep(PAUSE)
    assert read(app)[0] == 200
    statuses, _ = read_in_all_threads(app)
    assert statuses == [200] * THREADS_PER_WORKER


@pytest.mark.parametrize(
    "statement",
    [
        "SET statement_timeout = 1; SELECT pg_sleep(1)",
        "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'unique_violation'; END $$",
        "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'serialization_failure'; END $$",
        "SELECT pg_terminate_backend(pg_backend_pid())",
    ],
)
def test_failed_statement_does_not_open_the_breaker(app: Flask, statement: str) -> None:
    with app.test_request_context():
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()
        db.engine.dispose()  # so that the next one needs a new connection

    assert read(app)[0] == 200


def test_readiness_probe_bypasses_the_breaker(app: Flask, cable: Cable) -> None:
    cable.unplug()
    assert read(app)[0] == 503
    cable.plug()
    assert read(app)[0] == 503

    assert app.test_client().get("/healthz/ready").status_code == 200
    assert read(app)[0] == 200


def test_commands_bypass_the_breaker(app: Flask, cable: Cable) -> None:
    cable.unplug()
    assert read(app)[0] == 503

    with app.app_context():
        with pytest.raises(OperationalError), db.engine.connect():
            pass
        assert cable.attempts == 2
        cable.plug()
        with db.engine.connect() as connection:
            assert connection.scalar(select(1)) == 1
