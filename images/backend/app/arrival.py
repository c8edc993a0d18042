"""A request while it arrives, piece by piece, before a thread has to do with it.

Gunicorn's own parsers do the parsing: the incremental one of its ASGI worker finds the end of the request,
and the one of its threaded worker then reads the bytes that are here. Neither reads from the socket.
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
FRAME = 8  # bytes around a chunk, which count, so that many small chunks are not held either
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def is_whole(data: bytes) -> bool:
    """Whether this is one whole request without a body, as most are."""
    end = len(data) - len(END_OF_HEAD)
    return 0 <= end == data.find(END_OF_HEAD) and not _HAS_BODY.search(data)


class Arrival:
    """The bytes of one request so far; `largest` is in bytes, of the largest body that is waited for."""

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
        """Take what came next. True: no more is to be waited for.

        The request is then whole, or it is malformed or too large. In that case `whole` is false, the answer
        needs no more of it, and the connection can't be used for another request.
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
    """What Gunicorn's parser reads from: `data`, which has arrived, and never more."""

    data = b""
    asked_for_more = False

    def chunk(self, size_hint: int | None = None) -> bytes:
        data, self.data = self.data, b""
        self.asked_for_more = not data
        return data
