"""Which connection a worker takes in, and when: one for each free thread, of whichever port."""

from __future__ import annotations

import os
import select
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from gunicorn_server import WORKERS, Gunicorn, until
from servers import HOST

from app.settings import THREADS_PER_WORKER

BODY = b"{}"
HEAD = (
    "POST /api/v1/auth/login HTTP/1.1\r\nHost: hankki\r\nConnection: close\r\nExpect: 100-continue\r\n"
    f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
)


class SlowClient:
    """Holds a thread, as soon as it has one, until it sends its body."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=10)
        self._socket.sendall(HEAD.encode())

    def has_a_thread(self) -> bool:
        """Gunicorn asks for the body only then."""
        return bool(select.select([self._socket], [], [], 0)[0])

    def finish(self) -> None:
        self._socket.sendall(BODY)
        answer = b""
        while chunk := self._socket.recv(65536):
            answer += chunk
        assert b"HTTP/1.1 422 " in answer
        self._socket.close()

    def close(self) -> None:
        self._socket.close()


class Clients:
    def __init__(self) -> None:
        self._stack = ExitStack()

    def come(self, *ports: int) -> list[SlowClient]:
        return [self._come(port) for port in ports]

    def _come(self, port: int) -> SlowClient:
        client = SlowClient(port)
        self._stack.callback(client.close)
        return client

    def go(self) -> None:
        self._stack.close()


@pytest.fixture
def clients() -> Iterator[Clients]:
    clients = Clients()
    yield clients
    clients.go()


def served(clients: list[SlowClient]) -> int:
    return sum(client.has_a_thread() for client in clients)


def test_who_has_no_thread_free_leaves_new_connections_to_the_other_worker(
    gunicorn: Gunicorn, clients: Clients
) -> None:
    late, _ = gunicorn.workers()
    os.kill(late, signal.SIGSTOP)
    everybody = clients.come(*[gunicorn.port] * WORKERS * THREADS_PER_WORKER)
    until(lambda: served(everybody) == THREADS_PER_WORKER)
    os.kill(late, signal.SIGCONT)

    until(lambda: served(everybody) == len(everybody))
    for client in everybody:
        client.finish()


def test_of_two_who_come_at_once_by_both_ports_one_is_left_to_the_other_worker(
    gunicorn: Gunicorn, clients: Clients
) -> None:
    one, other = gunicorn.workers()
    os.kill(other, signal.SIGSTOP)
    first = clients.come(*[gunicorn.port] * (THREADS_PER_WORKER - 1))
    until(lambda: served(first) == len(first))
    os.kill(one, signal.SIGSTOP)
    os.kill(other, signal.SIGCONT)
    second = clients.come(*[gunicorn.port] * THREADS_PER_WORKER)
    until(lambda: served(second) == len(second))
    at_once = clients.come(gunicorn.port, gunicorn.proxied_port)
    os.kill(one, signal.SIGCONT)  # it has one thread free, the other worker none
    until(lambda: served(at_once) == 1)

    second[0].finish()

    until(lambda: served(at_once) == 2)


def test_a_queue_at_one_port_does_not_keep_the_other_port_waiting(
    env: dict[str, str], clients: Clients
) -> None:
    gunicorn = Gunicorn({**env, "TRUSTED_PROXIES": "1"}, workers=1)
    try:
        at_work = clients.come(*[gunicorn.port] * THREADS_PER_WORKER)
        until(lambda: served(at_work) == len(at_work))
        queues = {port: clients.come(*[port] * 3) for port in (gunicorn.port, gunicorn.proxied_port)}
        for number, client in enumerate(at_work, start=1):
            client.finish()
            until(lambda number=number: sum(map(served, queues.values())) == number)

        assert [served(queue) for queue in queues.values()] == [2, 2]
    finally:
        gunicorn.remove()
