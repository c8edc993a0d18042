"""A circuit breaker in front of new connections to PostgreSQL.

An attempt to connect to an unreachable server fails only after connect_timeout. If every request waited that
long, requests would soon hold all threads of a worker, and all others would queue, the liveness probe too.
So after a failed attempt, requests that need a new connection fail at once for PAUSE. Then one request tries
to connect, and the others fail at once until its result is known.

Only attempts to connect count: a statement may fail on a healthy server. When the server stops, the pool
discards all its connections as soon as one proves dead, so every request needs a new one. A server that
hangs keeps its connections open: app/connection_pool.py handles that.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from flask import g, has_request_context
from psycopg import OperationalError
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

# Seconds, less than the Retry-After header of the response (problems.RETRY_AFTER).
PAUSE = 1.0


class CircuitBreaker:
    def __init__(self) -> None:
        self._open = False
        self._retry_at = 0.0
        self._trial = threading.Lock()

    def call(self, connect: Callable[[], DBAPIConnection]) -> DBAPIConnection:
        """Call `connect`. While the breaker is open, raise an OperationalError instead."""
        if not self._open:
            return self.bypass(connect)
        if not self._trial.acquire(blocking=False):
            raise _refusal()
        try:
            # Checked under the lock: the trial that held it before may have failed.
            if time.monotonic() < self._retry_at:
                raise _refusal()
            return self.bypass(connect)
        finally:
            self._trial.release()

    def bypass(self, connect: Callable[[], DBAPIConnection]) -> DBAPIConnection:
        """Call `connect` even while the breaker is open; its result opens or closes the breaker."""
        try:
            connection = connect()
        except OperationalError:
            self._retry_at = time.monotonic() + PAUSE
            self._open = True
            raise
        self._open = False
        return connection


def watch(engine: Engine, connect: Callable[[Dialect, list[Any], dict[str, Any]], DBAPIConnection]) -> None:
    """Put a breaker in front of `connect`, which opens new connections. Each process has its own breaker."""
    breaker = CircuitBreaker()

    @event.listens_for(engine, "do_connect")
    def do_connect(dialect: Dialect, _: object, args: list[Any], options: dict[str, Any]) -> DBAPIConnection:
        # Commands such as `flask release` have their own limit for waiting.
        if not has_request_context():
            return connect(dialect, args, options)
        call = breaker.bypass if "bypasses_breaker" in g else breaker.call
        return call(lambda: connect(dialect, args, options))


def bypass_breaker() -> None:
    """Let the current request connect even while the breaker is open."""
    g.bypasses_breaker = True


def _refusal() -> OperationalError:
    return OperationalError("refused at once: the last attempt to connect to PostgreSQL failed")
