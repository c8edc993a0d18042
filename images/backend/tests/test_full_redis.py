"""A full Redis with its image's configuration: it refuses writes and keeps its sessions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from accounts import login, refresh_token, signup, use_refresh_token
from flask.testing import FlaskClient
from redis import Redis
from redis.exceptions import OutOfMemoryError
from servers import RedisServer


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    with redis_server.client() as redis:
        redis.config_set("maxmemory", redis.info("memory")["used_memory"] + 2**20)
        yield redis
        redis.config_set("maxmemory", 0)


def fill(redis: Redis) -> None:
    for number in range(1000):
        redis.set(f"cache:{number}", "x" * 2**15, ex=60)


def test_full_redis_evicts_no_session(client: FlaskClient, redis: Redis) -> None:
    signup(client)
    tokens = []
    for _ in range(3):
        assert login(client).status_code == 200
        tokens.append(refresh_token(client))

    with pytest.raises(OutOfMemoryError):
        fill(redis)
    redis.config_set("maxmemory", 1)  # not even a small one
    refused = login(client)

    assert refused.status_code == 503
    assert refused.json["type"] == "urn:hankki:problem:sessions-unavailable"
    assert redis.info("stats")["evicted_keys"] == 0
    redis.config_set("maxmemory", 0)
    for token in tokens:
        use_refresh_token(client, token)
        assert client.post("/api/v1/auth/refresh").status_code == 200
