"""Only the front end's origin may use the API from a browser."""

from __future__ import annotations

import pytest
from conftest import ORIGIN
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def preflight(client: FlaskClient, origin: str, path: str = "/api/v1/auth/login") -> TestResponse:
    return client.options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )


def cors_headers(response: TestResponse) -> list[str]:
    return [name for name, _ in response.headers if name.lower().startswith("access-control-")]


def test_preflight_of_the_front_end_is_allowed_and_cached(client: FlaskClient) -> None:
    response = preflight(client, ORIGIN)

    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert response.headers["Access-Control-Allow-Credentials"] == "true"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "authorization, content-type"
    assert int(response.headers["Access-Control-Max-Age"]) > 0
    assert "Origin" in response.headers["Vary"]


@pytest.mark.parametrize(
    "origin",
    [
        "http://10.0.0.5",
        "https://10.0.0.4",
        "http://10.0.0.4:8080",
        "http://10.0.0.4.example.com",
        "http://10x0x0x4",
        "null",
    ],
)
def test_another_origin_gets_no_cors_header(client: FlaskClient, origin: str) -> None:
    for response in (
        preflight(client, origin),
        client.get("/api/v1/recipes", headers={"Origin": origin}),
        client.get("/api/v1/nothing", headers={"Origin": origin}),
    ):
        assert cors_headers(response) == []
        assert "Origin" in response.headers["Vary"]


def test_front_end_can_read_error_responses(client: FlaskClient) -> None:
    for path in ("/api/v1/recipes?limit=0", "/api/v1/me", "/api/v1/nothing"):
        response = client.get(path, headers={"Origin": ORIGIN})
        assert response.status_code >= 400
        assert response.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_health_has_no_cors_headers(client: FlaskClient) -> None:
    assert cors_headers(client.get("/healthz/live", headers={"Origin": ORIGIN})) == []
