"""An application that does nothing, to measure the speed of the server alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

import app

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

BODY = b"x" * 3760  # the size of the list's response


def create_app() -> Flask:
    application = app.create_app()
    application.wsgi_app = _answer
    return application


def _answer(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))])
    return [BODY]
