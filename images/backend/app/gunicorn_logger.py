"""Gunicorn's logger, which gathers for the access log only what our lines tell.

Upstream's puts all headers and the whole environment together for each line, for formats that may name them:
more work than a kept answer (app/answers.py) is.
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
        """Those of upstream's, by their names, that logs.AccessFormatter reads."""
        ids = (value for name, value in resp.headers if name == request_id.HEADER)
        return {
            "h": environ.get("REMOTE_ADDR", "-"),
            "m": environ["REQUEST_METHOD"],
            "U": environ.get("PATH_INFO", "-"),  # not of a request that is refused unread
            "s": resp.status.split(None, 1)[0],
            "B": resp.sent,
            "D": request_time // timedelta(microseconds=1),
            "a": environ.get("HTTP_USER_AGENT", "-"),
            _ID: next(ids, "-"),
        }
