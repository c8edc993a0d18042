"""Whose request it is, when proxies of ours stand in front.

Each of them appends to X-Forwarded-For whom it got the request from. Only as many entries as there are
such proxies can be believed: what stands before them, the client wrote itself.
"""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask) -> None:
    """Let `request.remote_addr` and the access log tell the client's address."""
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0)
