"""Sign-up and login."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from accounts import EMAIL, NAME, PASSWORD, bearer, login, refresh_token, signup
from flask import Flask
from flask.testing import FlaskClient
from servers import Postgres

from app import passwords
from app.api import auth
from app.passwords import hash_password


def test_signup_returns_the_user_without_secrets(client: FlaskClient) -> None:
    response = signup(client, email="  Kim@Example.com ")

    assert response.status_code == 201
    assert response.json == {"user": {"email": EMAIL, "name": NAME}}
    assert "Set-Cookie" not in response.headers


def test_signup_with_a_known_address_gets_the_same_response_and_work(
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
    # The account is unchanged, but a row was written: a response without a disk write would be faster.
    assert postgres.execute(row, database) == [before]
    assert postgres.execute("SELECT xmin FROM users", database) != [written]
    assert login(client).status_code == 200


def test_concurrent_signups_of_one_address_create_one_account(
    app: Flask, postgres: Postgres, database: str
) -> None:
    with ThreadPoolExecutor(4) as pool:
        responses = list(pool.map(lambda _: signup(app.test_client()), range(4)))

    assert {response.status_code for response in responses} == {201}
    assert {response.data for response in responses} == {responses[0].data}
    assert postgres.execute("SELECT count(*) FROM users", database) == [(1,)]


def test_signup_stores_only_an_argon2id_hash(client: FlaskClient, postgres: Postgres, database: str) -> None:
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


def test_me_returns_the_owner_of_the_token(client: FlaskClient) -> None:
    signup(client)
    logged_in = login(client)

    response = client.get("/api/v1/me", headers=bearer(logged_in))

    assert response.status_code == 200
    assert response.json == logged_in.json["user"]
    assert set(response.json) == {"id", "email", "name"}
