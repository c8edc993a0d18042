"""Graceful shutdown loses no request."""

from __future__ import annotations

import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

from gunicorn_server import Gunicorn, uncached, until
from raw_client import HEAD, LOGIN, Open
from servers import HOST, Postgres

from app.settings import CONNECTIONS_PER_WORKER
from app.waiting_worker import ARRIVAL


def test_running_requests_are_finished_on_shutdown(
    gunicorn: Gunicorn, postgres: Postgres, database: str
) -> None:
    """Requests on open connections are served meanwhile; new connections are refused at once."""
    idle = HTTPConnection(HOST, gunicorn.port, timeout=10)
    idle.request("GET", "/healthz/live")
    idle.getresponse().read()
    count = CONNECTIONS_PER_WORKER  # one worker may get all of them
    with ThreadPoolExecutor(count) as clients, postgres.connect(database) as blocker:
        blocker.execute("BEGIN")
        blocker.execute("LOCK TABLE recipes IN ACCESS EXCLUSIVE MODE")
        waiting = [clients.submit(uncached, gunicorn) for _ in range(count)]
        until(lambda: postgres.blocked(database) == count)

        gunicorn.terminate()
        until(lambda: _refuses(gunicorn))
        idle.request("GET", "/healthz/live")
        late = idle.getresponse()
        assert late.status == 200
        assert late.headers["Connection"] == "close"
        assert not any(answer.done() for answer in waiting)

        blocker.execute("COMMIT")
        assert [answer.result().status for answer in waiting] == [200] * count

    assert gunicorn.process.wait(timeout=10) == 0


def test_keep_alive_clients_lose_no_request_on_shutdown(gunicorn: Gunicorn) -> None:
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


def test_connections_in_the_backlog_are_served_on_shutdown(gunicorn: Gunicorn) -> None:
    """Even if the worker has not accepted them yet."""
    workers = gunicorn.workers()
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    # On a busy machine both signals may be pending, and SIGTERM would be handled first.
    until(lambda: all(_status(worker, "State").startswith("T") for worker in workers))
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


def test_partly_received_request_is_served_on_shutdown(gunicorn: Gunicorn, opened: Open) -> None:
    """Although only half of it has arrived; silent connections do not delay the shutdown."""
    halves = [opened(gunicorn.port, part) for part in (HEAD[:20], LOGIN[:-10])]
    silent = [opened(gunicorn.port) for _ in range(20)]
    gunicorn.terminate()
    until(lambda: _refuses(gunicorn))
    until(lambda: all(client.closed() for client in silent))

    for client, rest, status in zip(halves, (HEAD[20:], LOGIN[-10:]), (200, 401), strict=True):
        client.send(rest)
        assert client.response()[:2] == (status, "close")
    assert gunicorn.process.wait(timeout=10) == 0


def test_slow_clients_delay_shutdown_by_at_most_the_request_timeout(gunicorn: Gunicorn, opened: Open) -> None:
    clients = [opened(gunicorn.port, LOGIN[:-1]) for _ in range(10)]
    began = time.monotonic()
    code, _ = gunicorn.stop()
    assert code == 0
    assert time.monotonic() - began < ARRIVAL + 5
    assert all(client.closed() for client in clients)


def _has_pending(pid: int, number: signal.Signals) -> bool:
    return bool(int(_status(pid, "ShdPnd"), 16) & 1 << number - 1)


def _status(pid: int, field: str) -> str:
    """Of /proc/PID/status."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith(f"{field}:"))


def _refuses(gunicorn: Gunicorn) -> bool:
    try:
        with socket.create_connection((HOST, gunicorn.port)):
            return False
    except ConnectionRefusedError:
        return True
