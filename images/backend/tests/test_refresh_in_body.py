"""The refresh token in the body, for a page on another site than the API, without cookies."""

from __future__ import annotations

import json

import pytest
from accounts import CREDENTIALS, bearer, check_ended, refresh, refresh_token, signup, use_refresh_token
from conftest import ORIGIN
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def log_in(client: FlaskClient, query: str = "?refreshToken=body") -> TestResponse:
    return client.post(f"/api/v1/auth/login{query}", json=CREDENTIALS)


def exchange(client: FlaskClient, token: object, path: str = "token") -> TestResponse:
    # Encoded here, because Flask's encoder rejects lone surrogates.
    body = json.dumps({"refreshToken": token})
    return client.post(f"/api/v1/auth/{path}", data=body, content_type="application/json")


@pytest.fixture
def elsewhere(app: Flask, client: FlaskClient) -> FlaskClient:
    """A page on another site: its browser neither stores nor sends cookies."""
    signup(client)
    return app.test_client(use_cookies=False)


def test_login_returns_the_token_in_the_body_on_request(elsewhere: FlaskClient) -> None:
    on_request, by_default = log_in(elsewhere), log_in(elsewhere, "")

    assert on_request.status_code == by_default.status_code == 200
    assert set(on_request.json) == {"accessToken", "refreshToken", "user"}
    assert on_request.headers["Set-Cookie"].startswith(f"refreshToken={on_request.json['refreshToken']};")
    assert set(by_default.json) == {"accessToken", "user"}


def test_unknown_delivery_is_reported_with_all_other_errors(client: FlaskClient) -> None:
    assert log_in(client, "?refreshToken=header").status_code == 422


def test_session_without_cookies_is_refreshed_for_hours(elsewhere: FlaskClient) -> None:
    token = log_in(elsewhere).json["refreshToken"]

    for _ in range(8):
        response = exchange(elsewhere, token)
        assert response.status_code == 200
        assert elsewhere.get("/api/v1/me", headers=bearer(response)).status_code == 200
        assert response.json["refreshToken"] != token
        token = response.json["refreshToken"]


def test_lost_responses_and_theft_are_distinguished_as_with_the_cookie(elsewhere: FlaskClient) -> None:
    token = log_in(elsewhere).json["refreshToken"]
    lost = exchange(elsewhere, token).json["refreshToken"]
    current = exchange(elsewhere, token).json["refreshToken"]
    following = exchange(elsewhere, current).json["refreshToken"]

    check_ended(exchange(elsewhere, lost))
    check_ended(exchange(elsewhere, following))


def test_body_has_no_token_if_the_cookie_has_the_same(client: FlaskClient) -> None:
    signup(client)
    token = log_in(client).json["refreshToken"]

    response = exchange(client, token)

    assert response.status_code == 200
    assert set(response.json) == {"accessToken", "user"}
    assert refresh_token(client) != token
    assert set(refresh(client).json) == {"accessToken", "user"}


@pytest.mark.parametrize("cookie", ["of another session", "of an earlier refresh", "of no session"])
def test_body_has_the_token_if_the_cookie_has_another(client: FlaskClient, app: Flask, cookie: str) -> None:
    signup(client)
    device = app.test_client(use_cookies=False)
    other, earlier = log_in(device).json["refreshToken"], log_in(device).json["refreshToken"]
    token = exchange(device, earlier).json["refreshToken"]
    kept = {"of another session": other, "of an earlier refresh": earlier, "of no session": "a.b"}[cookie]
    use_refresh_token(client, kept)

    assert "refreshToken" in exchange(client, token).json


def test_request_with_a_cookie_only_gets_no_token_in_the_body(client: FlaskClient) -> None:
    signup(client)
    log_in(client, "")

    assert client.post("/api/v1/auth/token", json={}).status_code == 422
    assert client.post("/api/v1/auth/refresh?refreshToken=body").json.keys() == {"accessToken", "user"}


@pytest.mark.parametrize("token", ["", ".", "a.b", "한.글", "\ud800.x", "\0.\0", "x" * 3000])
def test_forged_token_ends_no_session(elsewhere: FlaskClient, token: str) -> None:
    mine = log_in(elsewhere).json["refreshToken"]

    check_ended(exchange(elsewhere, token))
    assert exchange(elsewhere, token, "logout").status_code == 204

    assert exchange(elsewhere, mine).status_code == 200


@pytest.mark.parametrize("token", [None, 1, ["a.b"], {"a": "b"}])
def test_token_must_be_text(client: FlaskClient, token: object) -> None:
    assert exchange(client, token).status_code == 422


def test_logout_ends_the_sessions_of_body_and_cookie(client: FlaskClient, app: Flask) -> None:
    signup(client)
    device = app.test_client(use_cookies=False)
    in_body = log_in(device).json["refreshToken"]
    in_cookie = log_in(client, "").headers["Set-Cookie"].split("=", 1)[1].split(";")[0]

    assert exchange(client, in_body, "logout").status_code == 204

    check_ended(exchange(device, in_body))
    check_ended(exchange(device, in_cookie))


def test_cors_allows_the_token_route(client: FlaskClient) -> None:
    preflight = client.options(
        "/api/v1/auth/token",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )

    assert preflight.headers["Access-Control-Allow-Origin"] == ORIGIN
