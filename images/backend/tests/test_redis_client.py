"""How long the API waits for a Redis that is there but does not answer, or has restarted."""

from __future__ import annotations

import socket
import time

import pytest
from redis.exceptions import TimeoutError as RedisTimeoutError

from app.extensions import _redis
from app.settings import RedisSettings


def test_a_redis_that_swallows_packets_is_waited_for_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = _redis(RedisSettings("127.0.0.1", silent.getsockname()[1], "hankki", "x"), 0.3, retries=1)
        started = time.monotonic()
        with pytest.raises(RedisTimeoutError):
            client.get("anything")
        assert time.monotonic() - started < 0.5
