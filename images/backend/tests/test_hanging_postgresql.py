"""PostgreSQL keeps connections open and sends no reply: workers stay alive, and fail requests that need it.

Otherwise the kubelet would restart the healthy containers of all pods at once.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from gunicorn_server import Gunicorn, Response, uncached, until
from servers import Postgres

from app.settings import CONNECTIONS_PER_WORKER, THREADS_PER_WORKER

SECONDS = 5.0
RATE = 20  # uncached reads a second
# Seconds. The kubelet's timeout is 3 s for both probes.
LIVENESS, READINESS = 1.5, 3.0
BACK = 3.0


@pytest.fixture
def gunicorn(env: dict[str, str]) -> Iterator[Gunicorn]:
    server = Gunicorn(env, workers=1)
    yield server
    server.remove()


class Load:
    """Uncached reads at a constant rate, independent of the responses to earlier reads."""

    def __init__(self, gunicorn: Gunicorn) -> None:
        self._gunicorn, self._ends = gunicorn, False
        self._reads: list[Future[Response]] = []

    def responses(self) -> list[Response]:
        return [read.result() for read in self._reads]

    @contextmanager
    def running(self) -> Iterator[None]:
        with ThreadPoolExecutor(100) as clients:
            source = clients.submit(self._come, clients)
            try:
                yield
            finally:
                self._ends = True
                source.result()

    def _come(self, clients: ThreadPoolExecutor) -> None:
        while not self._ends:
            self._reads.append(clients.submit(uncached, self._gunicorn))
            time.sleep(1 / RATE)


def probe(gunicorn: Gunicorn, path: str) -> tuple[int, float]:
    began = time.monotonic()
    status = gunicorn.request("GET", path).status
    return status, time.monotonic() - began


def check_alive_for(seconds: float, gunicorn: Gunicorn) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status, wait = probe(gunicorn, "/healthz/live")
        assert status == 200
        assert wait < LIVENESS
        time.sleep(0.1)


def check_well(gunicorn: Gunicorn, workers: list[int]) -> None:
    ended = time.monotonic()
    until(lambda: {uncached(gunicorn).status for _ in range(2 * THREADS_PER_WORKER)} == {200})
    assert probe(gunicorn, "/healthz/ready")[0] == 200
    assert time.monotonic() - ended < BACK
    assert gunicorn.workers() == workers


def open_connections(number: int, gunicorn: Gunicorn, postgres: Postgres, database: str) -> None:
    with ThreadPoolExecutor() as clients, postgres.connect(database) as blocker:
        blocker.execute("BEGIN")
        blocker.execute("LOCK TABLE recipes IN ACCESS EXCLUSIVE MODE")
        reads = [clients.submit(uncached, gunicorn) for _ in range(number)]
        until(lambda: postgres.blocked(database) == number)
        blocker.execute("COMMIT")
        assert [read.result().status for read in reads] == [200] * number


def check_responses(load: Load) -> None:
    """Requests that wait for PostgreSQL succeed at the end; the others fail with Retry-After."""
    responses = load.responses()
    refused = [response for response in responses if response.status != 200]
    assert len(refused) > len(responses) / 2
    for response in refused:
        assert response.status == 503
        assert response.json["type"] == "urn:hankki:problem:database-unavailable"
        assert response.headers["Retry-After"]


def test_worker_survives_a_locked_table(gunicorn: Gunicorn, postgres: Postgres, database: str) -> None:
    workers, load = gunicorn.workers(), Load(gunicorn)
    assert uncached(gunicorn).status == 200
    with load.running():
        with postgres.connect(database) as blocker:
            blocker.execute("BEGIN")
            blocker.execute("LOCK TABLE recipes IN ACCESS EXCLUSIVE MODE")
            until(lambda: postgres.blocked(database) == CONNECTIONS_PER_WORKER)
            check_alive_for(SECONDS, gunicorn)
            blocker.execute("COMMIT")
        check_well(gunicorn, workers)
    check_responses(load)
    assert gunicorn.metrics()[("database_connections_in_use",)] == 0


@pytest.mark.parametrize("pooled", [0, CONNECTIONS_PER_WORKER])
def test_worker_survives_a_paused_server(
    gunicorn: Gunicorn, postgres: Postgres, database: str, pooled: int
) -> None:
    """Open connections hang; new connections fail after a timeout."""
    workers, load = gunicorn.workers(), Load(gunicorn)
    open_connections(pooled, gunicorn, postgres, database)
    postgres.pause()
    with load.running():
        try:
            check_alive_for(SECONDS / 2, gunicorn)
            status, wait = probe(gunicorn, "/healthz/ready")
            assert status == 503
            assert wait < READINESS
            check_alive_for(SECONDS / 2, gunicorn)
        finally:
            postgres.resume()
        check_well(gunicorn, workers)
    check_responses(load)
    assert gunicorn.metrics()[("database_connections_in_use",)] == 0
