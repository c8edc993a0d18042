"""Whose request it is, when proxies of ours stand in front.

Each of them appends to X-Forwarded-For whom it got the request from. Only as many entries as there are
such proxies can be believed: what stands before them, the client wrote itself.

And only at a port where nobody else can ask: the cluster lets none but our proxies reach it. At the other one
a client may ask without them, and write the whole header.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def init_app(app: Flask) -> None:
    """Let `request.remote_addr` and the access log tell the client's address."""
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        app.wsgi_app = _ByPort(app.wsgi_app, proxies, app.config["PROXIED_PORT"])


class _ByPort:
    def __init__(self, ask: WSGIApplication, proxies: int, proxied_port: int) -> None:
        self._direct = ask
        self._proxied = ProxyFix(ask, x_for=proxies, x_proto=0, x_host=0)
        self._proxied_port = str(proxied_port)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Gunicorn has it from the socket that took the connection in, never from the client.
        by_proxy = environ["SERVER_PORT"] == self._proxied_port
        return (self._proxied if by_proxy else self._direct)(environ, start_response)
