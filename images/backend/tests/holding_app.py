"""The application with /hold (holds its thread until the test ends it), /sleep (20 ms) and /fail."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import app

if TYPE_CHECKING:
    from flask import Flask

    StartResponse = Callable[[str, list[tuple[str, str]]], object]


def create_app() -> Flask:
    application = app.create_app()
    ask = application.wsgi_app

    def hold(environ: dict, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/hold":
            held = Path(os.environ["TMPDIR"], f"held-{environ['QUERY_STRING']}")
            held.touch()
            while held.exists():
                time.sleep(0.01)
        elif environ["PATH_INFO"] == "/sleep":
            time.sleep(0.02)
        elif environ["PATH_INFO"] == "/fail":
            start_response("200 OK", [("Content-Length", "9")])
            return _fail_half_way()
        else:
            return ask(environ, start_response)
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]

    application.wsgi_app = hold
    return application


def _fail_half_way() -> Iterable[bytes]:
    yield b"half"
    raise RuntimeError("as the test wants it")
