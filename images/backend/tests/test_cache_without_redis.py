"""The cache while Redis is down, unresponsive or full: reads work, and changes clear it when possible."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from cable import Cable
from cooking import RECIPES, Cook
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from servers import RedisServer
from test_cache import PATHS

from app import cache


def test_without_redis_reads_come_from_the_database_and_fast(
    client: FlaskClient, redis_server: RedisServer, statements: list[str]
) -> None:
    expected = [client.get(path).data for path in PATHS]
    statements.clear()
    redis_server.stop()

    started = time.monotonic()
    for _ in range(20):
        assert [client.get(path).data for path in PATHS] == expected

    assert time.monotonic() - started < 5
    assert statements


def test_unresponsive_redis_delays_one_read_only(
    client: FlaskClient, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "PAUSE", 60.0)
    asked = []
    ask = Redis.execute_command

    def count(redis: Redis, *command: object, **options: object) -> object:
        asked.append(command[0])
        return ask(redis, *command, **options)

    monkeypatch.setattr(Redis, "execute_command", count)
    redis_server.pause()
    try:
        for _ in range(5):
            assert client.get(RECIPES).status_code == 200
    finally:
        redis_server.resume()

    assert len(asked) == 1


def test_change_clears_the_cache_although_redis_was_unresponsive_before(
    client: FlaskClient, replica: FlaskClient, cook: Cook, redis_server: RedisServer
) -> None:
    path = f"{RECIPES}/{cook.recipe()['id']}"
    assert replica.get(path).status_code == 200
    redis_server.pause()
    try:
        assert client.get(path).status_code == 200  # from here on this pod skips Redis for seconds
    finally:
        redis_server.resume()

    assert cook.delete(path).status_code == 204

    assert replica.get(path).status_code == 404


def test_change_clears_the_cache_of_a_full_redis(
    replica: FlaskClient, cook: Cook, redis_server: RedisServer
) -> None:
    path = f"{RECIPES}/{cook.recipe()['id']}"
    assert replica.get(path).status_code == 200
    with redis_server.client() as redis:
        redis.config_set("maxmemory", 1)
        try:
            assert cook.delete(path).status_code == 204
            assert replica.get(path).status_code == 404
        finally:
            redis.config_set("maxmemory", 0)


def test_change_without_redis_clears_the_cache_at_the_next_read_of_its_replica(
    replica: FlaskClient,
    make_app: Callable[..., Flask],
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = Cable(redis_server.port)
    try:
        cook = Cook(make_app(REDIS_PORT=str(way.port)).test_client())
        path = f"{RECIPES}/{cook.recipe()['id']}"
        assert replica.get(path).status_code == 200
        way.unplug()
        assert cook.delete(path).status_code == 204
        assert cook.get(path).status_code == 404  # its own replica has no old entry
        assert replica.get(path).status_code == 200
        way.plug()

        after = time.monotonic() + cache.PAUSE
        monkeypatch.setattr(time, "monotonic", lambda: after)
        cook.get("/api/v1/tags")
        monkeypatch.undo()
        time.sleep(cache.LEASE)

        assert replica.get(path).status_code == 404
    finally:
        way.remove()
