"""Gunicorn's logger, reduced to the values that our access log prints.

Gunicorn's own logger collects all headers and the whole environment for each line, because a format may
contain them. That takes longer than serving a cached response (app/response_cache.py).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gunicorn import glogging
from gunicorn.http.message import Request
from gunicorn.http.wsgi import Response

from . import request_id

_ID = f"{{{request_id.HEADER.lower()}}}o"


class Logger(glogging.Logger):
    def atoms(
        self, resp: Response, req: Request, environ: dict[str, Any], request_time: timedelta
    ) -> dict[str, Any]:
        """The values that logs.AccessFormatter reads, by Gunicorn's names."""
        ids = (value for name, value in resp.headers if name == request_id.HEADER)
        return {
            "h": environ.get("REMOTE_ADDR", "-"),
            "m": environ["REQUEST_METHOD"],
            "U": environ.get("PATH_INFO", "-"),  # missing if the request was refused unread
            "s": resp.status.split(None, 1)[0],
            "B": resp.sent,
            "D": request_time // timedelta(microseconds=1),
            "a": environ.get("HTTP_USER_AGENT", "-"),
            _ID: next(ids, "-"),
        }
