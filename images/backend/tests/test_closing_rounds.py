"""Connections that time out together are closed in several rounds of the loop, with reads between them."""

from __future__ import annotations

import os
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from unittest.mock import Mock

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn
from raw_client import HEAD, LOGIN

from app import waiting_worker
from app.waiting_worker import CLOSINGS, WaitingWorker

TIMED_OUT = 4 * CLOSINGS + 1
PAUSE = 10.0  # seconds that a round waits if nothing wakes it


class Rounds(WaitingWorker):
    """A worker with clients on socket pairs; the test runs its loop, one round at a time."""

    def __init__(self) -> None:
        super().__init__(0, os.getppid(), [], None, 0, Config(), Mock())
        self.wsgi = _read
        self.tpool = self.get_thread_pool()
        self.poller = selectors.DefaultSelector()
        self.method_queue.init()
        wake = self.method_queue
        self.poller.register(wake.fileno(), selectors.EVENT_READ, wake.run_callbacks)
        self.clients: list[socket.socket] = []

    def connect(self, first: bytes = b"") -> socket.socket:
        client, accepted = socket.socketpair()
        self.clients.append(client)
        client.sendall(first)
        self.nr_conns += 1
        self.enqueue_req(TConn(self.cfg, accepted, ("127.0.0.1", 0), ("127.0.0.1", 0)))
        return client

    def round(self) -> int:
        self.wait_for_and_dispatch_events(PAUSE)
        return self.close_timed_out()

    def close_timed_out(self) -> int:
        """Run the end of a round; returns the number of closed connections."""
        before = self.nr_conns
        self.murder_pending()
        return before - self.nr_conns

    def end(self) -> None:
        self.tpool.shutdown()
        self.method_queue.run_callbacks(None)  # finished requests wait again
        for conn in list(self._waiting):
            self._close(conn)
        for client in self.clients:
            client.close()
        self.poller.close()
        self.method_queue.close()
        self.tmp.close()


def _body(client: socket.socket) -> bytes:
    response = HTTPResponse(client)
    response.begin()
    return response.read()


def _read(_environ: dict, start_response: Callable) -> list[bytes]:
    start_response("200 OK", [("Content-Length", "4")])
    return [b"read"]


@pytest.fixture
def worker() -> Iterator[Rounds]:
    worker = Rounds()
    yield worker
    worker.end()


@pytest.mark.parametrize("first", [b"", HEAD[:20], LOGIN[:-1]], ids=["silent", "half a head", "half a body"])
def test_reads_are_served_between_the_rounds(
    worker: Rounds, monkeypatch: pytest.MonkeyPatch, first: bytes
) -> None:
    cook = worker.connect()
    worker.cfg.set("keepalive", 0)
    monkeypatch.setattr(waiting_worker, "BETWEEN_PIECES", 0)
    for _ in range(TIMED_OUT):
        worker.connect(first)
    worker.cfg.set("keepalive", 75)

    began = time.monotonic()
    closed = [worker.close_timed_out()]
    cook.sendall(HEAD)
    closed.append(worker.round())
    assert _body(cook) == b"read"
    while worker.nr_conns > 1:
        closed.append(worker.round())
    assert max(closed) == CLOSINGS
    assert time.monotonic() - began < PAUSE  # each round wakes the next one


def test_a_request_that_arrives_between_the_rounds_is_served(worker: Rounds) -> None:
    worker.cfg.set("keepalive", 0)
    clients = [worker.connect() for _ in range(CLOSINGS + 1)]
    worker.cfg.set("keepalive", 75)

    assert worker.close_timed_out() == CLOSINGS
    clients[-1].sendall(HEAD)
    worker.round()
    assert _body(clients[-1]) == b"read"
