"""An account and the requests of a browser."""

from __future__ import annotations

import json

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

EMAIL = "kim@example.com"
PASSWORD = "김치찌개-두-그릇"
NAME = "김한끼"
CREDENTIALS = {"email": EMAIL, "password": PASSWORD}


def signup(client: FlaskClient, **changes: object) -> TestResponse:
    account = {"email": EMAIL, "password": PASSWORD, "name": NAME, **changes}
    # Encoded here, because Flask's encoder rejects lone surrogates.
    return client.post("/api/v1/auth/signup", data=json.dumps(account), content_type="application/json")


def login(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
    return client.post("/api/v1/auth/login", json={"email": email, "password": password})


def refresh_token(client: FlaskClient) -> str | None:
    cookie = client.get_cookie("refreshToken", path="/api/v1/auth")
    return cookie.value if cookie else None


def use_refresh_token(client: FlaskClient, token: str) -> None:
    client.set_cookie("refreshToken", token, path="/api/v1/auth")


def bearer(response: TestResponse) -> dict[str, str]:
    return {"Authorization": f"Bearer {response.json['accessToken']}"}


def refresh(client: FlaskClient) -> TestResponse:
    return client.post("/api/v1/auth/refresh")


def refresh_with(client: FlaskClient, token: str) -> TestResponse:
    use_refresh_token(client, token)
    return refresh(client)


def check_ended(response: TestResponse) -> None:
    assert response.status_code == 401
    assert response.content_type == "application/problem+json"
    assert response.json["type"] == "urn:hankki:problem:session-ended"
