"""Problem documents for Gunicorn's own errors: malformed and too long requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gunicorn import util

from .problems import of_status

if TYPE_CHECKING:
    from socket import socket


def write_error(sock: socket, status: int, reason: str, detail: str) -> None:
    """Send the client a problem document instead of Gunicorn's HTML page."""
    response = of_status(status, detail or reason).response()
    response.headers["Connection"] = "close"
    head = f"HTTP/1.1 {response.status}\r\n{response.headers}"  # ends with an empty line
    util.write_nonblock(sock, head.encode("latin1") + response.get_data())


def init_gunicorn() -> None:
    """Replace Gunicorn's function that writes an error; Gunicorn has no setting for it."""
    util.write_error = write_error
