"""The timeout for an unresponsive Redis."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from redis.exceptions import TimeoutError as RedisTimeoutError
from servers import RedisServer

from app.extensions import REDIS_TIMEOUT


def test_unresponsive_redis_is_tried_once(app: Flask, redis_server: RedisServer) -> None:
    redis_server.pause()
    try:
        began = time.monotonic()
        with pytest.raises(RedisTimeoutError):
            app.extensions["redis"].get("anything")
        waited = time.monotonic() - began
    finally:
        redis_server.resume()
    assert waited < 1.9 * REDIS_TIMEOUT
