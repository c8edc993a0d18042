"""The client's address behind proxies, which clients cannot forge."""

from __future__ import annotations

import ast
import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from accounts import CREDENTIALS
from flask import Flask, request
from gunicorn_server import Gunicorn
from servers import ROOT, RedisServer

from app.limits import PASSWORD
from app.settings import PORT, PROXIED_PORT

CLIENT = "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "port", "forwarded", "expected"),
    [
        ("0", PORT, CLIENT, "127.0.0.1"),
        ("0", PROXIED_PORT, CLIENT, "127.0.0.1"),
        ("1", PORT, CLIENT, "127.0.0.1"),  # without the proxy: the client has written the header
        ("1", PROXIED_PORT, CLIENT, CLIENT),
        ("1", PROXIED_PORT, f"203.0.113.66, {CLIENT}", CLIENT),  # the client has written the first one
        ("2", PROXIED_PORT, f"203.0.113.66, {CLIENT}, 10.0.0.4", CLIENT),
        ("1", PROXIED_PORT, None, "127.0.0.1"),
    ],
)
def test_client_address(
    make_app: Callable[..., Flask], proxies: str, port: int, forwarded: str | None, expected: str
) -> None:
    app = make_app(TRUSTED_PROXIES=proxies)
    seen: list[str | None] = []
    app.before_request(lambda: seen.append(request.remote_addr))

    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    client, came_by = app.test_client(), {"SERVER_PORT": str(port)}
    assert client.get("/healthz/live", headers=headers, environ_overrides=came_by).status_code == 200

    assert seen == [expected]


def test_direct_client_is_logged_with_its_own_address(gunicorn: Gunicorn) -> None:
    for port in (gunicorn.port, gunicorn.proxied_port):
        # With a forged address, and through the other port.
        forged = {"X-Forwarded-For": CLIENT, "X-Forwarded-Port": str(PROXIED_PORT), "Server-Port": "5001"}
        headers = {**forged, "Host": f"10.0.0.3:{gunicorn.proxied_port}"}
        assert gunicorn.request("GET", "/api/v1/tags", port=port, **headers).status == 200

    _, lines = gunicorn.stop()

    # The order is undefined, because each worker logs separately.
    clients = sorted(line["client"] for line in lines if line["logger"] == "gunicorn.access")
    assert clients == ["127.0.0.1", CLIENT]


def test_direct_client_is_limited_by_its_own_address(gunicorn: Gunicorn, redis_server: RedisServer) -> None:
    with redis_server.client() as client:
        address = hashlib.sha256(b"127.0.0.1").hexdigest()
        client.set(f"limit:password:address:{address}", PASSWORD.address.attempts, ex=60)

    def login(port: int) -> int:
        headers = {"X-Forwarded-For": CLIENT}
        return gunicorn.request("POST", "/api/v1/auth/login", CREDENTIALS, port=port, **headers).status

    assert login(gunicorn.port) == 429
    assert login(gunicorn.proxied_port) == 401


@pytest.mark.parametrize(
    ("changes", "ports"),
    [
        ({}, [PORT]),
        ({"TRUSTED_PROXIES": "0"}, [PORT]),
        ({"TRUSTED_PROXIES": "1"}, [PORT, PROXIED_PORT]),
        ({"TRUSTED_PROXIES": "2", "PROXIED_PORT": "5005"}, [PORT, 5005]),
    ],
)
def test_proxied_port_is_open_only_with_proxies(
    env: dict[str, str], tmp_path: Path, changes: dict[str, str], ports: list[int]
) -> None:
    command = [sys.executable, "-m", "gunicorn", "--print-config", "app:create_app()"]
    env = {**env, **changes, "TMPDIR": str(tmp_path)}
    printed = subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True, text=True)

    [bind] = [line for line in printed.stdout.splitlines() if line.startswith("bind ")]
    assert ast.literal_eval(bind.partition("=")[2].strip()) == [f"0.0.0.0:{port}" for port in ports]
