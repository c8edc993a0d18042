"""Responses while PostgreSQL or Redis is down, and afterwards."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from accounts import CREDENTIALS
from cable import Cable
from gunicorn_server import PROBE_TIMEOUT, Gunicorn, uncached, until
from servers import Postgres, RedisServer

from app.circuit_breaker import PAUSE
from app.extensions import DATABASE_OPTIONS

# Seconds: the longest wait of a client while the database is down, and of the site until it recovers.
AT_ONCE = 3.0
CONNECT_TIMEOUT = DATABASE_OPTIONS["connect_args"]["connect_timeout"]


def test_postgresql_down_and_back(gunicorn: Gunicorn, postgres: Postgres) -> None:
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
        # More requests at once than threads and connections: none may wait without a limit.
        with ThreadPoolExecutor(24) as clients:
            began = time.monotonic()
            statuses = list(clients.map(lambda _: uncached(gunicorn).status, range(24)))
            assert statuses == [503] * 24
            assert time.monotonic() - began < 2 * AT_ONCE
        assert gunicorn.metrics()[("database_errors_total",)] >= 27
    finally:
        postgres.start()

    came_back = time.monotonic()
    until(lambda: uncached(gunicorn).status == 200)
    assert time.monotonic() - came_back < AT_ONCE
    assert gunicorn.request("GET", "/healthz/ready").status == 200
    assert gunicorn.workers() == workers


def test_unreachable_postgresql_does_not_block_all_threads(env: dict[str, str], cable: Cable) -> None:
    """Packets are dropped, so only a timeout detects the outage; most requests still fail at once."""
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
                assert time.monotonic() - began < PROBE_TIMEOUT
                time.sleep(0.2)
            waits = [wait for client_waits in running for wait in client_waits]
        # One request that tried to connect, and perhaps one more at the end.
        assert sum(wait > 0.9 * CONNECT_TIMEOUT for wait in waits) <= 2

        cable.plug()
        assert gunicorn.request("GET", "/healthz/ready").status == 200
        assert uncached(gunicorn).status == 200
    finally:
        gunicorn.remove()


def test_redis_down_and_back_with_gunicorn(gunicorn: Gunicorn, redis_server: RedisServer) -> None:
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
    # The account does not exist: the response shows that sessions work again.
    assert gunicorn.request("POST", "/api/v1/auth/login", CREDENTIALS).status == 401
    assert gunicorn.workers() == workers
