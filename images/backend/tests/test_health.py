"""What the kubelet asks, and how the site goes on without Redis."""

from __future__ import annotations

from collections.abc import Callable

from accounts import bearer, login, refresh_token, signup, use_refresh_token
from flask import Flask
from flask.testing import FlaskClient
from servers import RedisServer, free_port


def test_healthy(client: FlaskClient) -> None:
    assert client.get("/healthz/live").json == {"status": "ok"}
    ready = client.get("/healthz/ready")
    assert ready.status_code == 200
    assert ready.json == {"status": "ok", "database": "ok", "redis": "ok"}


def test_live_asks_neither_database_nor_redis(make_app: Callable[..., Flask]) -> None:
    client = make_app(DATABASE_PORT=str(free_port()), REDIS_PORT=str(free_port())).test_client()

    assert client.get("/healthz/live").status_code == 200
    ready = client.get("/healthz/ready")
    assert ready.status_code == 503
    assert ready.content_type == "application/problem+json"
    assert ready.json["type"] == "urn:hankki:problem:not-ready"
    assert ready.json["database"] == "unavailable"


def test_redis_down_and_back(app: Flask, client: FlaskClient, redis_server: RedisServer) -> None:
    signup(client)
    session = login(client)
    token = refresh_token(client)
    redis_server.stop()

    # Reads go on, and an access token needs nobody but us.
    assert client.get("/api/v1/recipes").status_code == 200
    assert client.get("/api/v1/recipes/1").status_code == 200
    assert client.get("/api/v1/me", headers=bearer(session)).status_code == 200
    ready = client.get("/healthz/ready")
    assert ready.status_code == 200
    assert ready.json["redis"] == "unavailable"

    # Sessions say why they can't, whatever the credentials are.
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
    # This Redis keeps nothing, so the session of before is gone.
    use_refresh_token(client, token)
    assert client.post("/api/v1/auth/refresh").status_code == 401


def test_restart_of_redis_between_two_requests_is_not_noticed(
    client: FlaskClient, redis_server: RedisServer
) -> None:
    signup(client)
    assert login(client).status_code == 200

    redis_server.stop()
    redis_server.start()

    assert login(client).status_code == 200
