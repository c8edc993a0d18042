"""The real server with the real configuration file, as the image starts it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from accounts import EMAIL, NAME, PASSWORD
from conftest import ORIGIN
from gunicorn_server import Gunicorn


@pytest.fixture
def gunicorn(env: dict[str, str]) -> Iterator[Gunicorn]:
    server = Gunicorn(env)
    yield server
    server.remove()


def test_serves_logs_and_ends(gunicorn: Gunicorn) -> None:
    account = {"email": EMAIL, "password": PASSWORD, "name": NAME}
    status, headers, _ = gunicorn.request("GET", "/healthz/ready")
    assert status == 200
    assert "Python" not in headers.get("Server", "")
    assert gunicorn.request("POST", "/api/v1/auth/signup", account)[0] == 201
    del account["name"]
    status, headers, body = gunicorn.request("POST", "/api/v1/auth/login", account, Origin=ORIGIN)
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] == ORIGIN
    access_token = json.loads(body)["accessToken"]
    cookie = headers["Set-Cookie"].split(";")[0]
    assert gunicorn.request("GET", "/api/v1/me", Authorization=f"Bearer {access_token}")[0] == 200
    assert gunicorn.request("POST", "/api/v1/auth/refresh", Cookie=cookie)[0] == 200
    assert gunicorn.request("GET", "/api/v1/recipes?q=secret-dish", **{"User-Agent": 'a"b\\c'})[0] == 200

    code, lines = gunicorn.stop()

    assert code == 0
    access = [line for line in lines if line["logger"] == "gunicorn.access"]
    assert [(line["method"], line["path"], line["status"]) for line in access] == [
        ("POST", "/api/v1/auth/signup", 201),
        ("POST", "/api/v1/auth/login", 200),
        ("GET", "/api/v1/me", 200),
        ("POST", "/api/v1/auth/refresh", 200),
        ("GET", "/api/v1/recipes", 200),
    ]
    assert sum(line["message"].startswith("Booting worker") for line in lines if "message" in line) == 2
    log = json.dumps(lines, ensure_ascii=False)
    for secret in (
        PASSWORD,
        EMAIL,
        access_token,
        cookie.partition("=")[2],
        "secret-dish",
        "only-for-the-tests",
    ):
        assert secret not in log
