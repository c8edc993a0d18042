"""The refresh token's cookie on a site with https, and during the change to https."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from accounts import login, signup
from flask import Flask
from flask.testing import FlaskClient

HTTPS = {"ALLOWED_ORIGIN": "https://hankki.example", "REFRESH_COOKIE": "__Host-refreshToken"}
HOST, PLAIN = "__Host-refreshToken", "refreshToken"


@pytest.fixture
def client(make_app: Callable[..., Flask]) -> FlaskClient:
    client = make_app(**HTTPS).test_client()
    signup(client)
    return client


def refresh(client: FlaskClient, path: str = "/api/v1/auth/refresh"):
    return client.post(path, base_url="https://localhost")


def test_cookie_is_for_this_host_and_https_only(client: FlaskClient) -> None:
    [cookie] = login(client).headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-refreshToken=")
    for part in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=Lax"):
        assert part in f"{cookie};"
    assert "Path=/;" in f"{cookie};"
    assert "Domain" not in cookie


def test_cookie_refreshes_and_ends_a_session(client: FlaskClient) -> None:
    login(client)
    assert refresh(client).status_code == 200
    assert refresh(client, "/api/v1/auth/logout").status_code == 204
    assert refresh(client).status_code == 401


def test_session_works_on_pods_with_and_without_https(
    client: FlaskClient, make_app: Callable[..., Flask]
) -> None:
    """Each kind of pod reads the cookie of the other, and leaves one cookie."""
    before = make_app(ALLOWED_ORIGIN="https://hankki.example", REFRESH_COOKIE=PLAIN).test_client()
    login(before)
    token = before.get_cookie(PLAIN, path="/api/v1/auth").value
    client.set_cookie(PLAIN, token, path="/api/v1/auth")

    answer = refresh(client)

    assert answer.status_code == 200
    assert client.get_cookie(PLAIN, path="/api/v1/auth") is None
    token = client.get_cookie(HOST).value
    back = make_app(ALLOWED_ORIGIN="https://hankki.example", REFRESH_COOKIE=PLAIN).test_client()
    back.set_cookie(HOST, token)
    assert refresh(back).status_code == 200
    assert back.get_cookie(HOST) is None
    assert back.get_cookie(PLAIN, path="/api/v1/auth") is not None


def test_host_cookie_precedes_a_cookie_of_another_host(client: FlaskClient) -> None:
    login(client)
    client.set_cookie(PLAIN, "forged", path="/api/v1/auth")

    assert refresh(client).status_code == 200


def test_logout_deletes_all_cookies(client: FlaskClient) -> None:
    login(client)
    client.set_cookie(PLAIN, "stale", path="/api/v1/auth")

    assert refresh(client, "/api/v1/auth/logout").status_code == 204
    assert client.get_cookie(HOST) is None
    assert client.get_cookie(PLAIN, path="/api/v1/auth") is None


def test_openapi_document_has_the_cookie(client: FlaskClient) -> None:
    schemes = client.get("/api/v1/openapi.json").json["components"]["securitySchemes"]
    assert schemes["refreshCookie"]["name"] == HOST
