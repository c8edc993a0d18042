"""Sign-up, login and the access token."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
from accounts import EMAIL, NAME, PASSWORD, bearer, login, refresh_token, signup
from flask import Flask
from flask.testing import FlaskClient
from servers import Postgres

from app import passwords, tokens
from app.api import auth
from app.passwords import hash_password


def test_signup_answers_the_user_and_nothing_secret(client: FlaskClient) -> None:
    response = signup(client, email="  Kim@Example.com ")

    assert response.status_code == 201
    assert response.json == {"user": {"email": EMAIL, "name": NAME}}
    assert "Set-Cookie" not in response.headers


def test_signup_with_a_taken_address_answers_and_works_the_same(
    client: FlaskClient, postgres: Postgres, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = []
    monkeypatch.setattr(
        auth, "hash_password", lambda password: hashed.append(password) or hash_password(password)
    )
    first = signup(client)
    row = "SELECT id, email, name, password_hash, created_at FROM users"
    [before] = postgres.execute(row, database)
    [written] = postgres.execute("SELECT xmin FROM users", database)

    second = signup(client, email="KIM@example.com", password="another password")

    assert second.status_code == first.status_code == 201
    assert second.data == first.data
    assert set(second.headers.keys()) == set(first.headers.keys())
    third = signup(client, name="다른 사람")
    assert third.status_code == 201
    assert third.json == {"user": {"email": EMAIL, "name": "다른 사람"}}
    assert len(hashed) == 3
    # The account is as it was, yet a row was written: an answer that waits for no disk would tell.
    assert postgres.execute(row, database) == [before]
    assert postgres.execute("SELECT xmin FROM users", database) != [written]
    assert login(client).status_code == 200


def test_signups_of_one_address_at_once_make_one_account(
    app: Flask, postgres: Postgres, database: str
) -> None:
    with ThreadPoolExecutor(4) as pool:
        responses = list(pool.map(lambda _: signup(app.test_client()), range(4)))

    assert {response.status_code for response in responses} == {201}
    assert {response.data for response in responses} == {responses[0].data}
    assert postgres.execute("SELECT count(*) FROM users", database) == [(1,)]


def test_signup_keeps_only_an_argon2id_hash(client: FlaskClient, postgres: Postgres, database: str) -> None:
    signup(client)

    [(stored,)] = postgres.execute("SELECT password_hash FROM users", database)
    assert stored.startswith("$argon2id$")


def test_login_puts_one_token_in_the_body_and_the_other_in_a_cookie(client: FlaskClient) -> None:
    signup(client)

    response = login(client, email="KIM@example.com")

    assert response.status_code == 200
    assert set(response.json) == {"accessToken", "user"}
    assert response.json["user"]["email"] == EMAIL
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("refreshToken=")
    assert "; HttpOnly" in cookie
    assert "; Path=/api/v1/auth" in cookie
    assert "; SameSite=Lax" in cookie
    assert "Secure" not in cookie  # the origin is plain http
    assert refresh_token(client) not in response.get_data(as_text=True)


def test_cookie_is_secure_when_the_origin_is_https(make_app: Callable[..., Flask]) -> None:
    client = make_app(ALLOWED_ORIGIN="https://hankki.example").test_client()
    signup(client)

    assert "; Secure" in login(client).headers["Set-Cookie"]


def test_login_accepts_the_other_unicode_spelling_of_a_password(client: FlaskClient) -> None:
    signup(client)

    assert login(client, password=unicodedata.normalize("NFD", PASSWORD)).status_code == 200


def test_login_does_not_reveal_whether_an_account_exists(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    signup(client)
    verified = []
    verify = passwords._hasher.verify

    class Recorder:
        def verify(self, stored: str, password: str) -> bool:
            verified.append(stored)
            return verify(stored, password)

    monkeypatch.setattr(passwords, "_hasher", Recorder())
    wrong_password = login(client, password="not the password")
    unknown_account = login(client, email="nobody@example.com", password="not the password")

    assert wrong_password.status_code == unknown_account.status_code == 401
    assert wrong_password.data == unknown_account.data
    for response in (wrong_password, unknown_account):
        del response.headers["X-Request-Id"]  # differs with every request
    assert wrong_password.headers == unknown_account.headers
    # The same work: one verification each, with the same parameters.
    assert len(verified) == 2
    assert verified[0].split("$")[:4] == verified[1].split("$")[:4]


def test_unknown_account_can_not_log_in_with_any_password(client: FlaskClient) -> None:
    for password in ("", " ", "password"):
        assert login(client, email="nobody@example.com", password=password).status_code in (401, 422)


def test_me_answers_the_owner_of_the_token(client: FlaskClient) -> None:
    signup(client)
    logged_in = login(client)

    response = client.get("/api/v1/me", headers=bearer(logged_in))

    assert response.status_code == 200
    assert response.json == logged_in.json["user"]
    assert set(response.json) == {"id", "email", "name"}


def token_of(
    app: Flask, user_id: object, *, key: str | None = None, lifetime: int = 60, **claims: str | None
) -> str:
    now = int(time.time())
    standard = {"iss": tokens.ISSUER, "sub": str(user_id), "sid": "any", "iat": now, "exp": now + lifetime}
    present = {name: claim for name, claim in {**standard, **claims}.items() if claim is not None}
    return jwt.encode(present, key or app.secret_key, algorithm="HS256")


def test_access_token_lives_fifteen_minutes(client: FlaskClient, app: Flask) -> None:
    signup(client)

    claims = jwt.decode(
        login(client).json["accessToken"], app.secret_key, algorithms=["HS256"], issuer="hankki"
    )

    assert claims["exp"] - claims["iat"] == 15 * 60
    assert claims["sid"] == refresh_token(client).split(".")[0]


def test_token_of_a_former_key_is_accepted_until_it_is_dropped(make_app: Callable[..., Flask]) -> None:
    former, key = "the-former-key-of-enough-characters", "the-present-key-of-enough-characters"
    old = make_app(SECRET_KEY=former)
    signup(old.test_client())
    headers = bearer(login(old.test_client()))

    rotated = make_app(SECRET_KEY=key, SECRET_KEY_FALLBACKS=f"{'x' * 32} {former}")
    expired = token_of(rotated, 1, key=former, lifetime=-1)

    assert rotated.test_client().get("/api/v1/me", headers=headers).status_code == 200
    response = rotated.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {expired}"})
    assert response.json["type"] == "urn:hankki:problem:token-expired"
    dropped = make_app(SECRET_KEY=key, SECRET_KEY_FALLBACKS="")
    assert dropped.test_client().get("/api/v1/me", headers=headers).status_code == 401


def test_me_refuses_every_other_token(client: FlaskClient, app: Flask) -> None:
    signup(client)
    user_id = login(client).json["user"]["id"]
    headers = {
        "token-missing": [None, "Bearer", "Basic a2ltOmtpbQ==", "Token x"],
        "token-expired": [f"Bearer {token_of(app, user_id, lifetime=-1)}"],
        "token-invalid": [
            "Bearer x",
            "Bearer ÿ",
            f"Bearer {token_of(app, user_id, key='another key of thirty-two characters')}",
            f"Bearer {token_of(app, user_id, iss='somebody else')}",
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
