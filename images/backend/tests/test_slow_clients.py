"""Slow, silent and vanished clients block no thread, and their connections time out."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from http.client import IncompleteRead
from pathlib import Path

import pytest
from gunicorn_server import Gunicorn, until
from raw_client import BODY, HEAD, LOGIN, Open, chunked, head_of_a_body

from app.waiting_worker import ARRIVAL, BETWEEN_PIECES, LARGEST_BODY, LINGER, MOST_HELD

KEEPALIVE = 4
QUICK = BETWEEN_PIECES / 2  # seconds; a longer request has waited for a timeout of another connection
LATE = 5.0  # the server checks deadlines every 0.5 s, and this machine may be busy


@pytest.fixture
def serve(env: dict[str, str]) -> Iterator[Callable[..., Gunicorn]]:
    """Starts servers with one worker and the given arguments."""
    with contextlib.ExitStack() as stack:

        def start(*arguments: str) -> Gunicorn:
            server = Gunicorn({**env, "TRUSTED_PROXIES": "1"}, *arguments, workers=1)
            stack.callback(server.remove)
            return server

        yield start


def check_quick(gunicorn: Gunicorn) -> None:
    for port in (gunicorn.port, gunicorn.proxied_port):
        for path in ("/api/v1/recipes", "/healthz/live"):
            began = time.monotonic()
            assert gunicorn.request("GET", path, port=port).status == 200
            assert time.monotonic() - began < QUICK


@pytest.mark.parametrize("first", [b"", HEAD[:20], LOGIN[:-1], LOGIN[: -len(BODY)]])
def test_clients_are_served_beside_hundreds_of_slow_ones(
    gunicorn: Gunicorn, opened: Open, first: bytes
) -> None:
    workers = gunicorn.workers()
    clients = [opened(port, first) for port in (gunicorn.port, gunicorn.proxied_port) for _ in range(150)]
    for _ in range(5):
        check_quick(gunicorn)
    assert gunicorn.workers() == workers
    assert not any(client.readable() for client in clients)


def test_requests_time_out(serve: Callable[..., Gunicorn], opened: Open) -> None:
    port = serve("--keep-alive", str(KEEPALIVE)).port
    stops = {
        "silent": (opened(port), KEEPALIVE),
        "half a head": (opened(port, HEAD[:20]), BETWEEN_PIECES),
        "a head without its end": (opened(port, HEAD[:-2]), BETWEEN_PIECES),
        "half a body": (opened(port, LOGIN[:-10]), BETWEEN_PIECES),
        "half a chunk": (opened(port, chunked(b"2\r\n{")), BETWEEN_PIECES),
    }
    at_rest = opened(port, HEAD)
    assert at_rest.status() == 200
    stops["at rest"] = (at_rest, KEEPALIVE)
    trickles = [opened(port, HEAD[:-4] + b"\r\nX-Long: "), opened(port, head_of_a_body(10_000))]
    stops |= {f"trickling {number}": (client, ARRIVAL) for number, client in enumerate(trickles)}

    ends: dict[str, float] = {}
    while len(ends) < len(stops):
        for name, (client, limit) in stops.items():
            if name not in ends and client.closed():
                ends[name] = client.age()
            assert name in ends or client.age() < limit + LATE, name
        for client in trickles:
            with contextlib.suppress(OSError):  # the server has closed it, which is waited for
                client.send(b" ")
        time.sleep(0.2)

    for name, (_, limit) in stops.items():
        assert ends[name] > limit - 0.5, name


@pytest.mark.parametrize("request_", [HEAD, LOGIN])
def test_slow_request_within_the_timeout_is_served(gunicorn: Gunicorn, opened: Open, request_: bytes) -> None:
    client = opened(gunicorn.port)
    step = len(request_) // 20
    for start in range(0, len(request_), step):
        client.send(request_[start : start + step])
        time.sleep(0.1)
    assert client.status() == (200 if request_ == HEAD else 401)


def test_request_may_arrive_byte_by_byte(gunicorn: Gunicorn, opened: Open) -> None:
    client = opened(gunicorn.port)
    for request_, status in ((HEAD, 200), (LOGIN, 401), (chunked(b"35\r\n" + BODY + b"\r\n0\r\n\r\n"), 401)):
        for byte in request_:
            client.send(bytes([byte]))
        assert client.status() == status


def test_longest_waiting_connections_are_closed_first(serve: Callable[..., Gunicorn], opened: Open) -> None:
    most = 10
    gunicorn = serve("--worker-connections", str(most))
    clients = [opened(gunicorn.port, first) for _ in range(most) for first in (b"", HEAD[:20])]
    until(lambda: sum(client.closed() for client in clients) == most)

    assert [client.closed() for client in clients] == [True] * most + [False] * most
    clients[-1].send(HEAD[20:])
    assert clients[-1].status() == 200
    assert gunicorn.request("GET", "/healthz/live").status == 200
    warnings = [line for line in gunicorn.lines() if line["level"] == "warning"]
    assert len(warnings) == 1
    assert f"worker_connections ({most})" in warnings[0]["message"]


def test_partly_received_requests_have_bounded_memory(serve: Callable[..., Gunicorn], opened: Open) -> None:
    gunicorn = serve()
    before = gunicorn.memory()
    piece = head_of_a_body(LARGEST_BODY) + b" " * (LARGEST_BODY - 1)
    count = 2 * MOST_HELD // len(piece)
    clients = [opened(gunicorn.port, piece) for _ in range(count)]

    until(lambda: sum(client.closed() for client in clients) >= count // 2)
    assert not clients[-1].closed()
    assert gunicorn.memory() - before < 3 * MOST_HELD


def test_more_connections_than_open_files_are_allowed(env: dict[str, str], opened: Open) -> None:
    gunicorn = Gunicorn(env, workers=1, open_files=100)
    try:
        worker = gunicorn.workers()
        clients = [opened(gunicorn.port) for _ in range(150)]
        until(lambda: any(client.closed() for client in clients))
        assert gunicorn.request("GET", "/healthz/live").status == 200
        assert gunicorn.workers() == worker
    finally:
        gunicorn.remove()


@pytest.mark.parametrize("at_once", [True, False])
def test_clients_that_do_not_read_block_no_thread(
    serve: Callable[..., Gunicorn], opened: Open, at_once: bool
) -> None:
    gunicorn = serve()
    clients = [opened(gunicorn.port, small_buffer=True) for _ in range(20)]
    request_ = HEAD.replace(b"tags", b"recipes?limit=50")
    with contextlib.suppress(OSError):  # the server reads no more while its responses are unread
        for _ in range(1 if at_once else 50):
            for client in clients:
                client.send(50 * request_ if at_once else request_)
            time.sleep(0.02)
    check_quick(gunicorn)


def test_clients_that_do_not_close_block_no_other(serve: Callable[..., Gunicorn], opened: Open) -> None:
    gunicorn = serve()
    clients = [opened(gunicorn.port, HEAD.replace(b"Host", b"Connection: close\r\nHost")) for _ in range(8)]
    for client in clients:
        assert client.response()[:2] == (200, "close")
    check_quick(gunicorn)
    with contextlib.suppress(OSError):  # the server closes after a part of it
        clients[0].send(b" " * LARGEST_BODY)
    time.sleep(LINGER + 1)
    assert _connections(gunicorn) == 0


def test_connections_of_vanished_clients_are_closed(serve: Callable[..., Gunicorn], opened: Open) -> None:
    gunicorn = serve()
    for first in (b"", HEAD[:20], LOGIN[:-1], LOGIN, HEAD, HEAD * 20):
        for linger in (0, 1):
            client = opened(gunicorn.port, first)
            if linger:  # closes with a reset
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            client.close()
    check_quick(gunicorn)
    until(lambda: _connections(gunicorn) == 0)
    code, lines = gunicorn.stop()
    assert code == 0
    assert not [line for line in lines if line["level"] in ("warning", "error")]


def test_failed_response_does_not_affect_other_connections(env: dict[str, str], opened: Open) -> None:
    gunicorn = Gunicorn(env, "--pythonpath", "tests", application="holding_app:create_app()", workers=1)
    try:
        worker = gunicorn.workers()
        at_rest = [opened(gunicorn.port, HEAD) for _ in range(5)]
        for _ in range(2):
            failing = [opened(gunicorn.port, HEAD.replace(b"api/v1/tags", b"fail")) for _ in range(5)]
            others = [opened(gunicorn.port, HEAD) for _ in range(5)]
            assert {client.status() for client in others} == {200}
            for client in failing:
                with pytest.raises(IncompleteRead):
                    client.response()
        assert {client.status() for client in at_rest} == {200}
        assert gunicorn.workers() == worker
    finally:
        gunicorn.remove()


def _connections(gunicorn: Gunicorn) -> int:
    """The number of the worker's client sockets."""
    [worker] = gunicorn.workers()
    inodes = {os.readlink(fd) for fd in Path(f"/proc/{worker}/fd").iterdir()}
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ports = {f":{port:04X}" for port in (gunicorn.port, gunicorn.proxied_port)}
    listening = "0A"
    return sum(
        row[1][-5:] in ports and row[3] != listening and f"socket:[{row[9]}]" in inodes for row in rows
    )
