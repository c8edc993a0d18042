"""A circuit breaker in front of new connections to PostgreSQL.

That the server can't be reached shows only when connect_timeout has passed. If every request waited for that,
requests would soon hold all threads of a worker, and the rest, even the liveness probe, would queue behind.
So once an attempt has failed, whoever needs a connection is refused at once for PAUSE. Then a single one
tries again, and the others are refused until it is known how that ended.

Only an attempt to connect counts. A statement may fail while the server is well; and when the server is gone,
the pool gives up all connections it holds as soon as one proves dead, so that everybody needs a new one. A
server that hangs keeps its connections: what becomes of who waits for one is told in app/connection_pool.py.
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

# Less than a client is told to wait (problems.RETRY_AFTER).
PAUSE = 1.0


class CircuitBreaker:
    def __init__(self) -> None:
        self._open = False
        self._tries_again_at = 0.0
        self._trial = threading.Lock()

    def call(self, connect: Callable[[], DBAPIConnection]) -> DBAPIConnection:
        """What `connect` returns or raises; while open an OperationalError, without asking it."""
        if not self._open:
            return self.insist(connect)
        if not self._trial.acquire(blocking=False):
            raise _refusal()
        try:
            # Only now: the trial before this one may have failed a moment ago.
            if time.monotonic() < self._tries_again_at:
                raise _refusal()
            return self.insist(connect)
        finally:
            self._trial.release()

    def insist(self, connect: Callable[[], DBAPIConnection]) -> DBAPIConnection:
        """What `connect` returns or raises, even while open."""
        try:
            connection = connect()
        except OperationalError:
            self._tries_again_at = time.monotonic() + PAUSE
            self._open = True
            raise
        self._open = False
        return connection


def watch(engine: Engine, connect: Callable[[Dialect, list[Any], dict[str, Any]], DBAPIConnection]) -> None:
    """Put a breaker, of this process alone, in front of the new connections that `connect` opens."""
    breaker = CircuitBreaker()

    @event.listens_for(engine, "do_connect")
    def do_connect(dialect: Dialect, _: object, args: list[Any], options: dict[str, Any]) -> DBAPIConnection:
        # A command such as `flask release` waits for the server as long as it means to.
        if not has_request_context():
            return connect(dialect, args, options)
        call = breaker.insist if "insists_on_connecting" in g else breaker.call
        return call(lambda: connect(dialect, args, options))


def insist() -> None:
    """Let the request at work try, whatever others have just found out."""
    g.insists_on_connecting = True


def _refusal() -> OperationalError:
    return OperationalError("not asked, since PostgreSQL could not be reached a moment ago")
