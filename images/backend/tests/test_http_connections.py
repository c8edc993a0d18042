"""HTTP on one connection: it is reused, pipelined, and refuses a body that is too large."""

from __future__ import annotations

import contextlib
import time
from typing import BinaryIO

import pytest
from gunicorn_server import Gunicorn
from raw_client import BODY, HEAD, LOGIN, Open, chunked, head_of_a_body

from app.waiting_worker import BETWEEN_PIECES, LARGEST_BODY


def test_connection_is_reused(gunicorn: Gunicorn, opened: Open) -> None:
    client = opened(gunicorn.port)
    for request_, status in 3 * ((HEAD, 200), (LOGIN, 401)):
        client.send(request_)
        assert client.response()[:2] == (status, "keep-alive")


def test_pipelined_requests_are_served_in_order(gunicorn: Gunicorn, opened: Open) -> None:
    client = opened(gunicorn.port, HEAD + LOGIN + HEAD + HEAD[:20])
    # One file for all: http.client reads ahead.
    with client.socket.makefile("rb") as file:
        statuses = [_read_answer(file) for _ in range(3)]
        client.send(HEAD[20:])
        statuses.append(_read_answer(file))
    assert statuses == [200, 401, 200, 200]


def test_client_that_expects_100_continue_gets_it(gunicorn: Gunicorn, opened: Open) -> None:
    head = LOGIN[: -len(BODY)].replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")
    client = opened(gunicorn.port, head)
    with client.socket.makefile("rb") as file:
        assert file.readline() == b"HTTP/1.1 100 Continue\r\n"
        assert file.readline() == b"\r\n"
        client.send(BODY)
        assert _read_answer(file) == 401


@pytest.mark.parametrize("expect", [b"", b"Expect: 100-continue\r\n"])
def test_too_large_body_is_refused_before_it_arrives(gunicorn: Gunicorn, opened: Open, expect: bytes) -> None:
    began = time.monotonic()
    client = opened(gunicorn.port, head_of_a_body(LARGEST_BODY + 1).replace(b"Host", expect + b"Host"))
    assert client.response()[:2] == (413, "close")
    assert time.monotonic() - began < BETWEEN_PIECES / 2  # a longer request has waited for a timeout
    client.send(b" " * LARGEST_BODY)  # a body that the client sends anyway is no error


def test_body_of_the_maximum_size_is_accepted(gunicorn: Gunicorn, opened: Open) -> None:
    client = opened(gunicorn.port, head_of_a_body(LARGEST_BODY))
    client.send(b" " * LARGEST_BODY)
    assert client.response()[:2] == (400, "keep-alive")


def test_too_large_chunked_body_is_refused(gunicorn: Gunicorn, opened: Open) -> None:
    client = opened(gunicorn.port, chunked(b""))
    with contextlib.suppress(OSError):  # the server closes after its answer
        for _ in range(3 * LARGEST_BODY // 0x4000):
            client.send(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
    status, connection, _ = client.response()
    assert status in (400, 413)  # 400: the application has read a part of it, which is no JSON
    assert connection == "close"


def _read_answer(file: BinaryIO) -> int:
    status = int(file.readline().split()[1])
    length = 0
    while line := file.readline().strip():
        name, _, value = line.partition(b": ")
        length = int(value) if name == b"Content-Length" else length
    file.read(length)
    return status
