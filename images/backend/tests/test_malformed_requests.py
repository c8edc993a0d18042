"""Malformed and too long requests are refused at once, with a problem document."""

from __future__ import annotations

import json
import time

import pytest
from gunicorn_server import Gunicorn
from raw_client import HEAD, LOGIN, Open

from app.waiting_worker import BETWEEN_PIECES


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /\n\n", 400),
        (b"GET / HTTP/1.1\nHost: hankki\n\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 400),  # TLS
        (HEAD.replace(b"Host", b"X: " + b"x" * 9000 + b"\r\nHost"), 431),
        (HEAD.replace(b"Host", b"X: x\r\n" * 200 + b"Host"), 431),
        (HEAD.replace(b"tags", b"x" * 9000), 414),
        (LOGIN.replace(b"Content-Length", b"Content-Length: 1\r\nContent-Length"), 400),
        (LOGIN.replace(b"Content-Length: ", b"Content-Length: -"), 400),
        (LOGIN.replace(b"Content-Length", b"Transfer-Encoding: chunked\r\nContent-Length"), 400),
        (b"POST / HTTP/1.1\r\nHost: hankki\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
    ],
)
def test_malformed_request_is_refused_at_once(
    gunicorn: Gunicorn, opened: Open, request_: bytes, status: int
) -> None:
    began = time.monotonic()
    client = opened(gunicorn.port, request_)
    answered, connection, body = client.response()
    assert (answered, connection) == (status, "close")
    assert time.monotonic() - began < BETWEEN_PIECES / 2  # without waiting for a timeout
    problem = json.loads(body)
    assert problem.keys() == {"type", "title", "status", "detail"}
    assert problem["status"] == status


def test_request_line_of_nginxs_maximum_is_accepted(gunicorn: Gunicorn, opened: Open) -> None:
    client = opened(gunicorn.port, HEAD.replace(b"tags", b"tags?" + b"x" * 8000))
    assert client.response()[0] == 200
