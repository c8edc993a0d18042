"""The client's address behind our own proxies.

Each proxy appends the address of its peer to X-Forwarded-For. Only as many entries as there are proxies are
trusted: a client may have written the entries before them.

The header is trusted only on the proxies' port, which NetworkPolicies allow only our proxies to reach. On the
other port a client connects directly and may write the whole header.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def init_app(app: Flask) -> None:
    """Set `request.remote_addr`, and so the access log, to the client's address."""
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        app.wsgi_app = _ByPort(app.wsgi_app, proxies, app.config["PROXIED_PORT"])


class _ByPort:
    def __init__(self, ask: WSGIApplication, proxies: int, proxied_port: int) -> None:
        self._direct = ask
        self._proxied = ProxyFix(ask, x_for=proxies, x_proto=0, x_host=0)
        self._proxied_port = str(proxied_port)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Gunicorn reads the port from the listening socket, never from the request.
        by_proxy = environ["SERVER_PORT"] == self._proxied_port
        return (self._proxied if by_proxy else self._direct)(environ, start_response)
