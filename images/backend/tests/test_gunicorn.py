"""The real server with the real configuration file, as the image starts it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
from accounts import EMAIL, NAME, PASSWORD
from conftest import ORIGIN, ROOT
from servers import HOST, free_port, wait_until


class Gunicorn:
    def __init__(self, env: dict[str, str]) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{self.port}", "app:create_app()"],
            env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        wait_until(self._answers, self.process, "gunicorn")

    def request(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict, str]:
        connection = HTTPConnection(HOST, self.port, timeout=10)
        try:
            headers = {"Content-Type": "application/json", **headers}
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()
        finally:
            connection.close()

    def stop(self) -> tuple[int, list[dict]]:
        """End it as the kubelet does; returns its exit code and the lines it logged."""
        self.process.send_signal(signal.SIGTERM)
        output, _ = self.process.communicate(timeout=40)
        return self.process.returncode, [json.loads(line) for line in output.splitlines()]

    def _answers(self) -> bool:
        try:
            return self.request("GET", "/healthz/live")[0] == 200
        except OSError:
            return False


@pytest.fixture
def gunicorn(env: dict[str, str]) -> Iterator[Gunicorn]:
    server = Gunicorn(env)
    yield server
    if server.process.poll() is None:
        server.process.kill()
        server.process.communicate()


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
