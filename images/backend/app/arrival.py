"""A request that arrives in pieces, before a thread serves it.

Gunicorn's parsers do the parsing: the incremental parser of its ASGI worker finds the end of the request, and
the parser of its gthread worker then reads the complete bytes. Neither reads from the socket.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gunicorn.asgi.parser import ParseError, PythonProtocol
from gunicorn.http.unreader import Unreader

if TYPE_CHECKING:
    from gunicorn.config import Config

END_OF_HEAD = b"\r\n\r\n"
_HAS_BODY = re.compile(rb"\n(?:content-length|transfer-encoding)[ \t]*:", re.IGNORECASE)
FRAME = 8  # bytes counted for the frame of each chunk, so that many small chunks reach the limit too
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def is_whole(data: bytes) -> bool:
    """Whether the data are exactly one request without a body, the most frequent case."""
    end = len(data) - len(END_OF_HEAD)
    return 0 <= end == data.find(END_OF_HEAD) and not _HAS_BODY.search(data)


class Arrival:
    """The received bytes of one request; `largest`: the maximum size of its body in bytes."""

    def __init__(self, cfg: Config, largest: int) -> None:
        self.data = bytearray()
        self.whole = False
        self.continue_due = False  # the client waits for CONTINUE before it sends the body
        self._left_of_body = largest
        self._parser = PythonProtocol(
            on_headers_complete=self._head_is_complete,
            on_body=self._count,
            limit_request_line=cfg.limit_request_line,
            limit_request_fields=cfg.limit_request_fields,
            limit_request_field_size=cfg.limit_request_field_size,
        )

    def add(self, data: bytes) -> bool:
        """Add the next bytes. True if no more bytes are needed.

        The request is then whole, malformed or too large. If it is malformed or too large, `whole` is false
        and the connection cannot be used for another request.
        """
        self.data += data
        try:
            self._parser.feed(data)
        except ParseError:
            return True
        if self._left_of_body < 0:
            self.continue_due = False
            return True
        self.whole = self._parser.is_complete
        return self.whole

    def _head_is_complete(self) -> bool:
        self.continue_due = any(name == b"expect" for name, _ in self._parser.headers)
        self._left_of_body -= self._parser.content_length or 0
        return False

    def _count(self, chunk: bytes) -> None:
        if self._parser.is_chunked:
            self._left_of_body -= len(chunk) + FRAME


class Arrived(Unreader):
    """The source for Gunicorn's parser: only `data`, which has arrived."""

    data = b""
    asked_for_more = False

    def chunk(self, size_hint: int | None = None) -> bytes:
        data, self.data = self.data, b""
        self.asked_for_more = not data
        return data
