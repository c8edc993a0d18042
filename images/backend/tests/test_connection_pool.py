"""Requests that wait for a connection of the pool, and requests that fail at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from app.connection_pool import PAUSE, TIMEOUT
from app.models import db
from app.settings import CONNECTIONS_PER_WORKER

# Seconds; a longer request has waited.
AT_ONCE = TIMEOUT / 2


@pytest.fixture
def engine(app: Flask) -> Iterator[Engine]:
    with app.app_context():
        yield db.engine


@pytest.fixture
def taken(engine: Engine) -> Iterator[list[Connection]]:
    """All connections of the pool."""
    connections = [engine.connect() for _ in range(CONNECTIONS_PER_WORKER)]
    yield connections
    for connection in connections:
        connection.close()


def waits_in_vain(engine: Engine) -> float:
    began = time.monotonic()
    with pytest.raises(PoolTimeoutError):
        engine.connect()
    return time.monotonic() - began


def test_request_waits_for_a_connection_when_all_are_in_use(engine: Engine, taken: list[Connection]) -> None:
    with ThreadPoolExecutor(1) as other:
        late = other.submit(engine.connect)
        time.sleep(AT_ONCE)
        assert not late.done()
        taken[0].close()
        late.result().close()


def test_request_waits_on_while_other_requests_return_connections(
    engine: Engine, taken: list[Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    wait = QueuePool.connect

    def lose(pool: QueuePool) -> PoolProxiedConnection:
        """A request returns a connection during the wait, and its thread takes it again."""
        monkeypatch.setattr(QueuePool, "connect", wait)
        taken.pop().close()
        taken.append(engine.connect())
        taken.pop().close()
        raise PoolTimeoutError("another thread was faster")

    monkeypatch.setattr(QueuePool, "connect", lose)
    engine.connect().close()


def test_after_a_timeout_requests_fail_at_once_for_a_while(engine: Engine, taken: list[Connection]) -> None:
    assert TIMEOUT <= waits_in_vain(engine) < TIMEOUT + AT_ONCE
    assert waits_in_vain(engine) < AT_ONCE
    time.sleep(PAUSE)
    assert waits_in_vain(engine) >= TIMEOUT


def test_after_a_released_connection_requests_wait_again(engine: Engine, taken: list[Connection]) -> None:
    waits_in_vain(engine)
    taken[0].close()
    taken[0] = engine.connect()
    assert waits_in_vain(engine) >= TIMEOUT


def test_routine_messages_of_sqlalchemys_pool_are_not_logged(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    engine.connect().close()
    engine.dispose()
    assert caplog.messages == []


def test_response_without_a_connection_has_retry_after(client: FlaskClient, taken: list[Connection]) -> None:
    for _ in ("request that waits", "refused request"):
        answer = client.get(f"/api/v1/recipes?q={time.monotonic_ns()}")
        assert answer.status_code == 503
        assert answer.json["type"] == "urn:hankki:problem:database-unavailable"
        assert answer.headers["Retry-After"]
    assert client.get("/healthz/ready").status_code == 503
    assert client.get("/healthz/live").status_code == 200
