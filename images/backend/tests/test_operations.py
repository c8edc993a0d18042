"""Gunicorn with its real servers: logs, metrics, lost servers, and an end that loses no request."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest
from accounts import EMAIL, PASSWORD
from cable import Cable
from gunicorn_server import Answer, Gunicorn
from servers import HOST, Postgres, RedisServer

from app.circuit_breaker import PAUSE
from app.extensions import DATABASE_OPTIONS

CREDENTIALS = {"email": EMAIL, "password": PASSWORD}
# How long a client is to wait for the news that the database is down, and the site to notice that it is back.
AT_ONCE = 3.0
CONNECT_TIMEOUT = DATABASE_OPTIONS["connect_args"]["connect_timeout"]
POD_MEMORY = 384 * 1024 * 1024


@pytest.fixture
def gunicorn(env: dict[str, str]) -> Iterator[Gunicorn]:
    server = Gunicorn({**env, "TRUSTED_PROXIES": "1"})
    yield server
    server.remove()


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def uncached(gunicorn: Gunicorn) -> Answer:
    """A read that only PostgreSQL can answer."""
    return gunicorn.request("GET", f"/api/v1/recipes?q={time.monotonic_ns()}")


def test_every_line_of_a_request_tells_its_id(gunicorn: Gunicorn, redis_server: RedisServer) -> None:
    redis_server.stop()
    headers = {"X-Request-Id": "follow-me", "X-Forwarded-For": "203.0.113.9"}
    answer = gunicorn.request("POST", "/api/v1/auth/login", CREDENTIALS, **headers)
    assert answer.status == 503
    assert answer.headers["X-Request-Id"] == "follow-me"

    _, lines = gunicorn.stop()

    ours = [line for line in lines if line.get("request_id") == "follow-me"]
    assert {"app.problems", "gunicorn.access"} <= {line["logger"] for line in ours}
    [access] = [line for line in ours if line["logger"] == "gunicorn.access"]
    assert (access["method"], access["path"], access["status"]) == ("POST", "/api/v1/auth/login", 503)
    assert access["client"] == "203.0.113.9"


def test_metrics_sum_up_all_workers_past_and_present(gunicorn: Gunicorn) -> None:
    def requests(method: str, route: str, status: str) -> float:
        metrics = gunicorn.metrics()
        # Histogram and counter are two views of the same requests.
        counted = metrics.get(("http_requests_total", method, route, status), 0)
        assert metrics.get(("http_request_duration_seconds_count", method, route, status), 0) == counted
        return counted

    for recipe in (1, 2, 3, 1, 2, 3):
        assert gunicorn.request("GET", f"/api/v1/recipes/{recipe}").status == 200
    assert gunicorn.request("GET", "/api/v1/recipes/999999").status == 404
    assert gunicorn.request("GET", "/some/secret/path").status == 404
    assert gunicorn.request("BREW", "/api/v1/recipes").status == 405

    route = "/api/v1/recipes/{recipe_id}"
    assert requests("GET", route, "200") == 6
    assert requests("GET", route, "404") == 1
    assert requests("GET", "unmatched", "404") == 1
    assert requests("other", "unmatched", "405") == 1
    assert gunicorn.metrics()[("database_connections_in_use",)] == 0
    # Not where the world can read it.
    assert gunicorn.request("GET", "/metrics").status == 404

    before = gunicorn.workers()
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    until(lambda: len(gunicorn.workers()) == 2 and not set(gunicorn.workers()) & set(before))
    assert gunicorn.request("GET", "/api/v1/recipes/1").status == 200

    assert requests("GET", route, "200") == 7
    files = [file.name for file in gunicorn.metrics_files()]
    assert not [name for name in files if any(f"_{worker}.db" in name for worker in before)]


def test_postgresql_goes_and_comes_back(gunicorn: Gunicorn, postgres: Postgres) -> None:
    assert uncached(gunicorn).status == 200
    workers = gunicorn.workers()
    postgres.stop()
    try:
        for ask in (
            lambda: uncached(gunicorn),
            lambda: gunicorn.request("POST", "/api/v1/auth/login", CREDENTIALS),
            lambda: gunicorn.request("GET", "/api/v1/recipes/999999"),
        ):
            began = time.monotonic()
            answer = ask()
            assert time.monotonic() - began < AT_ONCE
            assert answer.status == 503
            assert answer.json["type"] == "urn:hankki:problem:database-unavailable"
            assert answer.headers["Retry-After"]
        assert gunicorn.request("GET", "/healthz/ready").status == 503
        assert gunicorn.request("GET", "/healthz/live").status == 200
        # More at once than there are threads and connections: none may wait for a place that never comes.
        with ThreadPoolExecutor(24) as clients:
            began = time.monotonic()
            answers = list(clients.map(lambda _: uncached(gunicorn).status, range(24)))
            assert answers == [503] * 24
            assert time.monotonic() - began < 2 * AT_ONCE
        assert gunicorn.metrics()[("database_errors_total",)] >= 27
    finally:
        postgres.start()

    came_back = time.monotonic()
    until(lambda: uncached(gunicorn).status == 200)
    assert time.monotonic() - came_back < AT_ONCE
    assert gunicorn.request("GET", "/healthz/ready").status == 200
    assert gunicorn.workers() == workers


def test_unreachable_postgresql_does_not_fill_the_threads(env: dict[str, str], cable: Cable) -> None:
    """Packets to it vanish, so that nobody knows before a timeout; still most are told at once."""
    gunicorn = Gunicorn({**env, "DATABASE_PORT": str(cable.port)}, workers=1)
    try:
        assert uncached(gunicorn).status == 200
        cable.unplug()
        assert uncached(gunicorn).status == 503

        end = time.monotonic() + PAUSE + CONNECT_TIMEOUT

        def client(_: int) -> list[float]:
            waits = []
            while (began := time.monotonic()) < end:
                answer = uncached(gunicorn)
                waits.append(time.monotonic() - began)
                assert answer.status == 503
                assert answer.json["type"] == "urn:hankki:problem:database-unavailable"
                assert answer.headers["Retry-After"]
                time.sleep(0.5)
            return waits

        with ThreadPoolExecutor(20) as clients:
            running = clients.map(client, range(20))
            while time.monotonic() < end:
                began = time.monotonic()
                assert gunicorn.request("GET", "/healthz/live").status == 200
                assert time.monotonic() - began < 1
                time.sleep(0.2)
            waits = [wait for client_waits in running for wait in client_waits]
        # Who tried again, and who perhaps did so once more at the end.
        assert sum(wait > 1 for wait in waits) <= 2

        cable.plug()
        assert gunicorn.request("GET", "/healthz/ready").status == 200
        assert uncached(gunicorn).status == 200
    finally:
        gunicorn.remove()


def test_redis_goes_and_comes_back(gunicorn: Gunicorn, redis_server: RedisServer) -> None:
    workers = gunicorn.workers()
    redis_server.stop()

    assert uncached(gunicorn).status == 200
    assert gunicorn.request("GET", "/api/v1/recipes").status == 200
    began = time.monotonic()
    answer = gunicorn.request("POST", "/api/v1/auth/login", CREDENTIALS)
    assert time.monotonic() - began < AT_ONCE
    assert answer.status == 503
    assert answer.json["type"] == "urn:hankki:problem:sessions-unavailable"
    assert gunicorn.metrics()[("redis_errors_total",)] >= 1

    redis_server.start()
    # Nobody has this account: the answer shows that sessions can be had again.
    assert gunicorn.request("POST", "/api/v1/auth/login", CREDENTIALS).status == 401
    assert gunicorn.workers() == workers


def test_requests_at_work_are_finished_at_the_end(
    gunicorn: Gunicorn, postgres: Postgres, database: str
) -> None:
    """And so is what a client sends meanwhile on a connection it has; a new one is refused at once."""
    idle = HTTPConnection(HOST, gunicorn.port, timeout=10)
    idle.request("GET", "/healthz/live")
    idle.getresponse().read()
    with ThreadPoolExecutor(4) as clients, postgres.connect(database) as blocker:
        blocker.execute("BEGIN")
        blocker.execute("LOCK TABLE recipes IN ACCESS EXCLUSIVE MODE")
        waiting = [clients.submit(uncached, gunicorn) for _ in range(4)]
        until(lambda: _blocked(postgres, database) == 4)

        gunicorn.terminate()
        until(lambda: _refuses(gunicorn))
        idle.request("GET", "/healthz/live")
        late = idle.getresponse()
        assert late.status == 200
        assert late.headers["Connection"] == "close"
        assert not any(answer.done() for answer in waiting)

        blocker.execute("COMMIT")
        assert [answer.result().status for answer in waiting] == [200] * 4

    assert gunicorn.process.wait(timeout=10) == 0


def test_keep_alive_clients_lose_no_request_at_the_end(gunicorn: Gunicorn) -> None:
    def ask_until_the_end(_: int) -> int:
        connection, answered = HTTPConnection(HOST, gunicorn.port, timeout=10), 0
        while True:
            connection.request("GET", "/api/v1/recipes")
            response = connection.getresponse()
            response.read()
            assert response.status == 200
            answered += 1
            if response.headers["Connection"] == "close":
                return answered

    with ThreadPoolExecutor(8) as clients:
        counts = [clients.submit(ask_until_the_end, number) for number in range(8)]
        time.sleep(1)
        gunicorn.terminate()
        answered = sum(count.result(timeout=20) for count in counts)

    assert answered > 8
    assert gunicorn.process.wait(timeout=10) == 0
    lines = [line for line in gunicorn.lines() if line["logger"] == "gunicorn.access"]
    assert len(lines) == answered


def test_who_had_connected_before_the_end_is_answered(gunicorn: Gunicorn) -> None:
    """Also by a worker that had no time yet to take them in."""
    workers = gunicorn.workers()
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    waiting = [HTTPConnection(HOST, gunicorn.port, timeout=10) for _ in range(8)]
    for connection in waiting:
        connection.request("GET", "/healthz/live")

    gunicorn.terminate()
    until(lambda: all(_has_pending(worker, signal.SIGTERM) for worker in workers))
    for worker in workers:
        os.kill(worker, signal.SIGCONT)

    for connection in waiting:
        assert connection.getresponse().status == 200
        connection.close()
    until(lambda: _refuses(gunicorn))
    assert gunicorn.process.wait(timeout=10) == 0


def test_memory_fits_into_the_pod(gunicorn: Gunicorn) -> None:
    def login(number: int) -> int:
        credentials = {"email": f"{number}@example.com", "password": PASSWORD}
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}  # not all of them from one address
        return gunicorn.request("POST", "/api/v1/auth/login", credentials, **headers).status

    peak = 0
    with ThreadPoolExecutor(16) as clients:
        assert set(clients.map(lambda _: uncached(gunicorn).status, range(200))) == {200}
        # Hashing is what takes memory: every thread at once.
        logins = [clients.submit(login, number) for number in range(200)]
        while not all(login.done() for login in logins):
            peak = max(peak, gunicorn.memory())
        assert {login.result() for login in logins} == {401}

    assert 0 < peak < POD_MEMORY
    assert gunicorn.memory() < POD_MEMORY * 2 / 3


def _blocked(postgres: Postgres, database: str) -> int:
    locked = f"datname = '{database}' AND wait_event_type = 'Lock'"
    return postgres.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {locked}")[0][0]


def _has_pending(pid: int, number: signal.Signals) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    pending = next(line for line in status.splitlines() if line.startswith("ShdPnd:"))
    return bool(int(pending.split()[1], 16) & 1 << number - 1)


def _refuses(gunicorn: Gunicorn) -> bool:
    try:
        with socket.create_connection((HOST, gunicorn.port)):
            return False
    except ConnectionRefusedError:
        return True
