"""The application as a module variable, for the candidates that require one."""

from __future__ import annotations

from a2wsgi import WSGIMiddleware

from app import create_app

wsgi = create_app()
asgi = WSGIMiddleware(wsgi, workers=4)
