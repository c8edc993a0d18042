"""The probes, and the site without Redis."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from accounts import bearer, login, refresh_token, signup, use_refresh_token
from flask import Flask
from flask.testing import FlaskClient
from servers import Postgres, RedisServer, free_port

from app import metrics


def test_probes_succeed(client: FlaskClient) -> None:
    assert client.get("/healthz/live").json == {"status": "ok"}
    ready = client.get("/healthz/ready")
    assert ready.status_code == 200
    assert ready.json == {"status": "ok", "database": "ok", "redis": "ok"}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The servers whose errors were counted."""
    failing: list[str] = []
    for name, counter in (("database", metrics.DATABASE_ERRORS), ("redis", metrics.REDIS_ERRORS)):
        monkeypatch.setattr(counter, "inc", lambda name=name: failing.append(name))
    return failing


def test_successful_probe_counts_no_error(client: FlaskClient, counted: list[str]) -> None:
    assert client.get("/healthz/ready").status_code == 200
    assert counted == []


def test_failed_readiness_probe_counts_an_error(
    make_app: Callable[..., Flask], empty_database: str, counted: list[str]
) -> None:
    """An unready pod gets no traffic, and an alert must keep firing."""

    def ready(**changes: str) -> int:
        return make_app(**changes).test_client().get("/healthz/ready").status_code

    assert ready(DATABASE_PORT=str(free_port())) == 503
    assert counted == ["database"]
    assert ready(DATABASE_NAME=empty_database) == 503
    assert counted == ["database"] * 2
    assert ready(REDIS_PORT=str(free_port())) == 200
    assert counted == ["database"] * 2 + ["redis"]
    counted.clear()
    assert ready(DATABASE_PORT=str(free_port()), REDIS_PORT=str(free_port())) == 503
    assert counted == ["redis", "database"]


def test_liveness_checks_neither_postgresql_nor_redis(make_app: Callable[..., Flask]) -> None:
    client = make_app(DATABASE_PORT=str(free_port()), REDIS_PORT=str(free_port())).test_client()

    assert client.get("/healthz/live").status_code == 200
    ready = client.get("/healthz/ready")
    assert ready.status_code == 503
    assert ready.content_type == "application/problem+json"
    assert ready.json["type"] == "urn:hankki:problem:not-ready"
    assert (ready.json["database"], ready.json["redis"]) == ("unavailable", "unavailable")


def test_pod_is_not_ready_on_a_database_without_tables(
    make_app: Callable[..., Flask], empty_database: str, postgres: Postgres
) -> None:
    """For example after a data loss, or before the first release."""
    app = make_app(DATABASE_NAME=empty_database)
    client = app.test_client()

    def check_not_there() -> None:
        ready = client.get("/healthz/ready")
        assert ready.status_code == 503
        assert ready.json["type"] == "urn:hankki:problem:not-ready"
        assert ready.json["database"] == "empty"

    check_not_there()
    for response in (client.get("/api/v1/recipes"), client.get("/api/v1/recipes/1"), login(client)):
        assert response.status_code == 503
        assert response.content_type == "application/problem+json"
        assert response.json["type"] == "urn:hankki:problem:database-unavailable"
        assert "no schema" in response.json["detail"]
        assert response.headers["Retry-After"]
    # Alembic creates its own table before its first migration.
    postgres.execute("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)", empty_database)
    check_not_there()

    assert app.test_cli_runner().invoke(args=["release"]).exit_code == 0
    assert client.get("/healthz/ready").status_code == 200
    assert client.get("/api/v1/recipes").status_code == 200


@pytest.mark.parametrize("revision", ["0001", "one of a later version"])
def test_pods_of_another_version_stay_ready(
    client: FlaskClient, postgres: Postgres, database: str, revision: str
) -> None:
    postgres.execute(f"UPDATE alembic_version SET version_num = '{revision}'", database)

    assert client.get("/healthz/ready").status_code == 200


def test_reads_work_while_redis_is_down(app: Flask, client: FlaskClient, redis_server: RedisServer) -> None:
    signup(client)
    session = login(client)
    token = refresh_token(client)
    redis_server.stop()

    # Reads work, and an access token is verified without Redis.
    assert client.get("/api/v1/recipes").status_code == 200
    assert client.get("/api/v1/recipes/1").status_code == 200
    assert client.get("/api/v1/me", headers=bearer(session)).status_code == 200
    ready = client.get("/healthz/ready")
    assert ready.status_code == 200
    assert ready.json["redis"] == "unavailable"

    # Routes of sessions report Redis as unavailable, for any credentials.
    for response in (
        login(client),
        login(client, password="not the password"),
        client.post("/api/v1/auth/refresh"),
        client.post("/api/v1/auth/logout"),
    ):
        assert response.status_code == 503
        assert response.content_type == "application/problem+json"
        assert response.json["type"] == "urn:hankki:problem:sessions-unavailable"
        assert response.headers["Retry-After"]

    redis_server.start()
    assert login(client).status_code == 200
    assert client.get("/healthz/ready").json["redis"] == "ok"
    # This Redis stores no data on disk, so the earlier session has ended.
    use_refresh_token(client, token)
    assert client.post("/api/v1/auth/refresh").status_code == 401


def test_restart_of_redis_between_two_requests_causes_no_error(
    client: FlaskClient, redis_server: RedisServer
) -> None:
    signup(client)
    assert login(client).status_code == 200

    redis_server.stop()
    redis_server.start()

    assert login(client).status_code == 200
