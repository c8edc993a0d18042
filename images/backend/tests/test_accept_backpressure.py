"""A worker accepts one connection for each free thread, from either port."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection

import pytest
from gunicorn_server import PROBE_TIMEOUT, WORKERS, Gunicorn, until
from raw_client import RawClient
from servers import HOST

from app.settings import THREADS_PER_WORKER

HOLD = "holding_app:create_app()"
STRICT = ("--pythonpath", "tests", "--worker-class", "strict_worker.Worker")


class Holder:
    """A client whose request holds a thread until `finish`."""

    _numbers = itertools.count()

    def __init__(self, gunicorn: Gunicorn, port: int) -> None:
        number = next(self._numbers)
        self._file = gunicorn.folder / f"held-{number}"
        self._client = RawClient(port, b"GET /hold?%d HTTP/1.1\r\nHost: hankki\r\n\r\n" % number)

    def has_a_thread(self) -> bool:
        return self._file.exists()

    def finish(self) -> None:
        self._file.unlink()
        assert self._client.status() == 200
        self._client.close()

    def close(self) -> None:
        self._file.unlink(missing_ok=True)
        self._client.close()


class Holders:
    def __init__(self) -> None:
        self._stack = ExitStack()

    def come(self, gunicorn: Gunicorn, *ports: int) -> list[Holder]:
        return [self._come(gunicorn, port) for port in ports]

    def _come(self, gunicorn: Gunicorn, port: int) -> Holder:
        holder = Holder(gunicorn, port)
        self._stack.callback(holder.close)
        return holder

    def go(self) -> None:
        self._stack.close()


@pytest.fixture
def clients() -> Iterator[Holders]:
    clients = Holders()
    yield clients
    clients.go()


@pytest.fixture
def gunicorn(env: dict[str, str]) -> Iterator[Gunicorn]:
    server = Gunicorn({**env, "TRUSTED_PROXIES": "1"}, *STRICT, application=HOLD)
    yield server
    server.remove()


def served(clients: list[Holder]) -> int:
    return sum(client.has_a_thread() for client in clients)


def test_busy_worker_leaves_new_connections_to_the_other_worker(gunicorn: Gunicorn, clients: Holders) -> None:
    late, _ = gunicorn.workers()
    os.kill(late, signal.SIGSTOP)
    everybody = clients.come(gunicorn, *[gunicorn.port] * WORKERS * THREADS_PER_WORKER)
    until(lambda: served(everybody) == THREADS_PER_WORKER)
    os.kill(late, signal.SIGCONT)

    until(lambda: served(everybody) == len(everybody))
    for client in everybody:
        client.finish()


def test_worker_with_one_free_thread_accepts_from_one_port_only(gunicorn: Gunicorn, clients: Holders) -> None:
    one, other = gunicorn.workers()
    os.kill(other, signal.SIGSTOP)
    first = clients.come(gunicorn, *[gunicorn.port] * (THREADS_PER_WORKER - 1))
    until(lambda: served(first) == len(first))
    os.kill(one, signal.SIGSTOP)
    os.kill(other, signal.SIGCONT)
    second = clients.come(gunicorn, *[gunicorn.port] * THREADS_PER_WORKER)
    until(lambda: served(second) == len(second))
    at_once = clients.come(gunicorn, gunicorn.port, gunicorn.proxied_port)
    os.kill(one, signal.SIGCONT)  # this worker has one free thread, the other none
    until(lambda: served(at_once) == 1)

    second[0].finish()

    until(lambda: served(at_once) == 2)


def test_queue_at_one_port_does_not_delay_the_other_port(env: dict[str, str], clients: Holders) -> None:
    gunicorn = Gunicorn({**env, "TRUSTED_PROXIES": "1"}, *STRICT, application=HOLD, workers=1)
    try:
        at_work = clients.come(gunicorn, *[gunicorn.port] * THREADS_PER_WORKER)
        until(lambda: served(at_work) == len(at_work))
        queues = {
            port: clients.come(gunicorn, *[port] * 3) for port in (gunicorn.port, gunicorn.proxied_port)
        }
        for number, client in enumerate(at_work, start=1):
            client.finish()
            until(lambda number=number: sum(map(served, queues.values())) == number)

        assert [served(queue) for queue in queues.values()] == [2, 2]
    finally:
        gunicorn.remove()


def test_busy_keep_alive_connections_do_not_block_new_ones(env: dict[str, str]) -> None:
    gunicorn = Gunicorn(env, "--pythonpath", "tests", application=HOLD, workers=1)
    ends = threading.Event()

    def ask_without_a_pause() -> None:
        connection = HTTPConnection(HOST, gunicorn.port, timeout=10)
        while not ends.is_set():
            connection.request("GET", "/sleep")
            connection.getresponse().read()
        connection.close()

    busy = [threading.Thread(target=ask_without_a_pause) for _ in range(6 * THREADS_PER_WORKER)]
    try:
        for thread in busy:
            thread.start()
        time.sleep(1)
        for _ in range(5):
            began = time.monotonic()
            assert gunicorn.request("GET", "/healthz/live").status == 200
            assert time.monotonic() - began < PROBE_TIMEOUT
    finally:
        ends.set()
        for thread in busy:
            thread.join()
        gunicorn.remove()
