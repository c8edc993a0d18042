"""The access token: lifetime, keys and clocks."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

import jwt
import pytest
from accounts import bearer, login, refresh_token, signup
from flask import Flask
from flask.testing import FlaskClient

from app import tokens


def token_of(
    app: Flask, user_id: object, *, key: str | None = None, lifetime: int = 60, **claims: str | None
) -> str:
    now = int(time.time())
    standard = {"iss": tokens.ISSUER, "sub": str(user_id), "sid": "any", "iat": now, "exp": now + lifetime}
    present = {name: claim for name, claim in {**standard, **claims}.items() if claim is not None}
    return jwt.encode(present, key or app.secret_key, algorithm="HS256")


@pytest.mark.parametrize(("environment", "seconds"), [({}, 15 * 60), ({"ACCESS_TOKEN_LIFETIME": "7"}, 7)])
def test_access_token_lifetime_is_fifteen_minutes_by_default(
    make_app: Callable[..., Flask], environment: dict[str, str], seconds: int
) -> None:
    app = make_app(**environment)
    client = app.test_client()
    signup(client)

    claims = jwt.decode(
        login(client).json["accessToken"], app.secret_key, algorithms=["HS256"], issuer="hankki"
    )

    assert claims["exp"] - claims["iat"] == seconds
    assert claims["sid"] == refresh_token(client).split(".")[0]


@pytest.mark.parametrize("ahead", [-3600, -2, -0.5, 0.5, 2, 3600])
def test_clock_of_the_issuing_node_may_differ(
    client: FlaskClient, replica: FlaskClient, monkeypatch: pytest.MonkeyPatch, ahead: float
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(seconds=ahead)

    signup(client)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(tokens, "datetime", Clock)
        logged_in = login(client)

    # An hour behind: its tokens have expired for other pods, where a refresh gives a valid one.
    expected = 401 if ahead == -3600 else 200
    assert replica.get("/api/v1/me", headers=bearer(logged_in)).status_code == expected
    assert client.post("/api/v1/auth/refresh").status_code == 200


@pytest.mark.parametrize(("after", "status"), [(-2, 200), (0, 200), (1.9, 200), (2.1, 401), (60, 401)])
def test_expired_token_is_valid_for_two_more_seconds(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch, after: float, status: int
) -> None:
    signup(client)
    headers = bearer(login(client))
    claims = jwt.decode(headers["Authorization"].split()[1], options={"verify_signature": False})

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.fromtimestamp(claims["exp"] + after, tz)

    monkeypatch.setattr("jwt.api_jwt.datetime", Clock)
    response = client.get("/api/v1/me", headers=headers)

    assert response.status_code == status
    if status == 401:
        assert response.json["type"] == "urn:hankki:problem:token-expired"


def test_token_of_a_fallback_key_is_accepted_until_the_key_is_removed(make_app: Callable[..., Flask]) -> None:
    former, key = "the-former-key-of-enough-characters", "the-present-key-of-enough-characters"
    old = make_app(SECRET_KEY=former)
    signup(old.test_client())
    headers = bearer(login(old.test_client()))

    rotated = make_app(SECRET_KEY=key, SECRET_KEY_FALLBACKS=f"{'x' * 32} {former}")
    expired = token_of(rotated, 1, key=former, lifetime=-3)

    assert rotated.test_client().get("/api/v1/me", headers=headers).status_code == 200
    response = rotated.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {expired}"})
    assert response.json["type"] == "urn:hankki:problem:token-expired"
    dropped = make_app(SECRET_KEY=key, SECRET_KEY_FALLBACKS="")
    assert dropped.test_client().get("/api/v1/me", headers=headers).status_code == 401


def test_me_refuses_invalid_tokens(client: FlaskClient, app: Flask) -> None:
    signup(client)
    user_id = login(client).json["user"]["id"]
    headers = {
        "token-missing": [None, "Bearer", "Basic a2ltOmtpbQ==", "Token x"],
        "token-expired": [f"Bearer {token_of(app, user_id, lifetime=-3)}"],
        "token-invalid": [
            "Bearer x",
            "Bearer ÿ",
            f"Bearer {token_of(app, user_id, key='another key of thirty-two characters')}",
            f"Bearer {token_of(app, user_id, iss='another issuer')}",
            f"Bearer {token_of(app, 'kim')}",
            f"Bearer {token_of(app, user_id + 1)}",
            f"Bearer {jwt.encode({'sub': str(user_id)}, None, algorithm='none')}",
            f"Bearer {token_of(app, user_id, sid=None)}",
        ],
    }
    assert (
        client.get("/api/v1/me", headers={"Authorization": f"Bearer {token_of(app, user_id)}"}).status_code
        == 200
    )

    for name, values in headers.items():
        for value in values:
            response = client.get("/api/v1/me", headers={"Authorization": value} if value else {})
            assert response.status_code == 401, value
            assert response.headers["WWW-Authenticate"] == "Bearer"
            assert response.json["type"] == f"urn:hankki:problem:{name}", value
