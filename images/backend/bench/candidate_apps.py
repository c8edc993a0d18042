"""The application as the candidates that want a module's variable take it."""

from __future__ import annotations

from a2wsgi import WSGIMiddleware

from app import create_app

wsgi = create_app()
asgi = WSGIMiddleware(wsgi, workers=4)
