"""A worker's pool of connections to PostgreSQL, which leaves a thread for those who need none.

The circuit breaker (app/circuit_breaker.py) is for a server that can't be reached. One that hangs can be:
it keeps its connections and doesn't answer, as when its disk hangs, or somebody has a table locked. Whoever
asked it waits, for as long as a statement may take, or if all of the server hangs, without an end: the
server itself would have to end the statement, and its kernel goes on telling TCP that it is there. If all
threads of a worker waited so, the liveness probe would fail in all pods, and the kubelet kill them at once,
none of which has a defect.

So there is a connection less than threads (settings.CONNECTIONS_PER_WORKER), and the last thread waits for
one only for TIMEOUT. If it did so for each of its requests, its queue would still grow. So once one has
waited in vain, whoever comes while all connections are taken is refused at once, for PAUSE. Then one waits
again; and as soon as somebody gets a connection, all do.

Who hangs keeps its thread and its connection, until the server goes on, or its end is noticed.
"""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

# Many times what a connection is held for on a busy server, a third of what the kubelet waits for.
TIMEOUT = 1  # a whole number: Flask-SQLAlchemy makes one of it
# Less than a client is told to wait (problems.RETRY_AFTER).
PAUSE = 1.0


class ConnectionPool(QueuePool):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._refuses_until = 0.0

    def connect(self) -> PoolProxiedConnection:
        if time.monotonic() < self._refuses_until and self.checkedout() >= self.size():
            raise PoolTimeoutError("not waited for, since no connection came free a moment ago")
        try:
            connection = super().connect()
        except PoolTimeoutError:
            self._refuses_until = time.monotonic() + PAUSE
            raise
        self._refuses_until = 0.0
        return connection
