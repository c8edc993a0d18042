"""A client that sends raw bytes under control of the test."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from http.client import HTTPResponse

from servers import HOST

HEAD = b"GET /api/v1/tags HTTP/1.1\r\nHost: hankki\r\n\r\n"
BODY = b'{"email": "cook@example.com", "password": "12345678"}'
LOGIN = (
    b"POST /api/v1/auth/login HTTP/1.1\r\nHost: hankki\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
)


def chunked(body: bytes) -> bytes:
    head = LOGIN[: -len(BODY)]
    return head.replace(b"Content-Length: %d" % len(BODY), b"Transfer-Encoding: chunked") + body


def head_of_a_body(length: int) -> bytes:
    return LOGIN[: -len(BODY)].replace(b"Length: %d" % len(BODY), b"Length: %d" % length)


class RawClient:
    def __init__(self, port: int, first: bytes = b"", *, small_buffer: bool = False) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(30)
        if small_buffer:  # for unread responses: 2 KiB, the minimum of Linux
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        self.socket.connect((HOST, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._began = time.monotonic()
        self.send(first)

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def status(self, method: str = "GET") -> int:
        """Read one response and return its status."""
        return self.response(method)[0]

    def response(self, method: str = "GET") -> tuple[int, str, bytes]:
        """Read one response: its status, its header Connection, its body."""
        response = HTTPResponse(self.socket, method=method)
        response.begin()
        return response.status, response.headers["Connection"], response.read()

    def readable(self, seconds: float = 0) -> bool:
        poll = select.poll()
        poll.register(self.socket, select.POLLIN)
        return bool(poll.poll(1000 * seconds))

    def closed(self) -> bool:
        """Whether the server has closed the connection without a response."""
        if not self.readable():
            return False
        try:
            return self.socket.recv(1, socket.MSG_PEEK) == b""
        except ConnectionResetError:  # closed with data unread
            return True

    def age(self) -> float:
        return time.monotonic() - self._began

    def close(self) -> None:
        self.socket.close()


Open = Callable[..., RawClient]
