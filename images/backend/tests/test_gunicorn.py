"""The real server with the real configuration file, as the image starts it."""

from __future__ import annotations

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

from accounts import CREDENTIALS, EMAIL, NAME, PASSWORD
from conftest import ORIGIN
from gunicorn_server import WORKERS, Gunicorn, runs, uncached, until
from servers import Postgres, RedisServer, free_port

from app.settings import CONNECTIONS_PER_WORKER

POD_MEMORY = 384 * 1024 * 1024


def test_serves_logs_and_exits(gunicorn: Gunicorn) -> None:
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


def test_removed_server_leaves_no_process(env: dict[str, str]) -> None:
    server = Gunicorn(env)
    workers = server.workers()
    server.remove()
    assert not [pid for pid in workers if runs(pid)]


def test_each_worker_opens_its_connections_before_the_first_request(
    gunicorn: Gunicorn, postgres: Postgres, database: str
) -> None:
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    others = "AND pid != pg_backend_pid()"
    expected = [(WORKERS * CONNECTIONS_PER_WORKER,)]
    until(lambda: postgres.execute(f"{sessions} {others}", database) == expected)


def test_a_worker_starts_without_postgresql(env: dict[str, str]) -> None:
    gunicorn = Gunicorn({**env, "DATABASE_PORT": str(free_port())})
    try:
        assert gunicorn.request("GET", "/healthz/live").status == 200
        assert gunicorn.request("GET", "/healthz/ready").status == 503
        warning = "PostgreSQL is not available at the start"
        # The other worker may still try to connect.
        until(lambda: sum(warning in line.get("message", "") for line in gunicorn.lines()) == WORKERS)
    finally:
        gunicorn.remove()


def test_every_log_line_of_a_request_has_its_id(gunicorn: Gunicorn, redis_server: RedisServer) -> None:
    redis_server.stop()
    headers = {"X-Request-Id": "follow-me", "X-Forwarded-For": "203.0.113.9"}
    answer = gunicorn.request(
        "POST", "/api/v1/auth/login", CREDENTIALS, port=gunicorn.proxied_port, **headers
    )
    assert answer.status == 503
    assert answer.headers["X-Request-Id"] == "follow-me"

    _, lines = gunicorn.stop()

    ours = [line for line in lines if line.get("request_id") == "follow-me"]
    assert {"app.problems", "gunicorn.access"} <= {line["logger"] for line in ours}
    [access] = [line for line in ours if line["logger"] == "gunicorn.access"]
    assert (access["method"], access["path"], access["status"]) == ("POST", "/api/v1/auth/login", 503)
    assert access["client"] == "203.0.113.9"


def test_metrics_sum_running_and_exited_workers(gunicorn: Gunicorn) -> None:
    def requests(method: str, route: str, status: str) -> float:
        metrics = gunicorn.metrics()
        # Histogram and counter are two views of the same requests.
        counted = metrics.get(("http_requests_total", method, route, status), 0)
        assert metrics.get(("http_request_duration_seconds_count", method, route, status), 0) == counted
        return counted

    for recipe in (1, 2, 3, 1, 2, 3):
        assert gunicorn.request("GET", f"/api/v1/recipes/{recipe}").status == 200
    assert gunicorn.request("GET", "/api/v1/recipes/999999").status == 404
    assert gunicorn.request("GET", "/some/secret/path").status == 404
    assert gunicorn.request("BREW", "/api/v1/recipes").status == 405

    route = "/api/v1/recipes/{recipe_id}"
    assert requests("GET", route, "200") == 6
    assert requests("GET", route, "404") == 1
    assert requests("GET", "unmatched", "404") == 1
    assert requests("other", "unmatched", "405") == 1
    assert gunicorn.metrics()[("database_connections_in_use",)] == 0
    # Not on the ports for clients.
    assert gunicorn.request("GET", "/metrics").status == 404

    before = gunicorn.workers()
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    until(lambda: len(gunicorn.workers()) == 2 and not set(gunicorn.workers()) & set(before))
    assert gunicorn.request("GET", "/api/v1/recipes/1").status == 200

    assert requests("GET", route, "200") == 7
    files = [file.name for file in gunicorn.metrics_files()]
    assert not [name for name in files if any(f"_{worker}.db" in name for worker in before)]


def test_memory_is_within_the_limit_of_the_pod(gunicorn: Gunicorn) -> None:
    def login(number: int) -> int:
        credentials = {"email": f"{number}@example.com", "password": PASSWORD}
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}  # not all of them from one address
        port = gunicorn.proxied_port
        return gunicorn.request("POST", "/api/v1/auth/login", credentials, port=port, **headers).status

    peak = 0
    with ThreadPoolExecutor(16) as clients:
        assert set(clients.map(lambda _: uncached(gunicorn).status, range(200))) == {200}
        # Hashing takes the most memory: in every thread at once.
        logins = [clients.submit(login, number) for number in range(200)]
        while not all(login.done() for login in logins):
            peak = max(peak, gunicorn.memory())
            time.sleep(0.01)
        assert {login.result() for login in logins} == {401}

    assert 0 < peak < POD_MEMORY
    assert gunicorn.memory() < POD_MEMORY * 2 / 3
