"""Sign-up, login, refresh, logout and who am I."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jwt
import pytest
from accounts import EMAIL, NAME, PASSWORD, bearer, login, refresh_token, signup, use_refresh_token
from flask import Flask
from flask.testing import FlaskClient
from servers import Postgres, RedisServer, free_port

from app import passwords, tokens


def test_signup_answers_the_user_and_nothing_secret(client: FlaskClient) -> None:
    response = signup(client, email="  Kim@Example.com ")

    assert response.status_code == 201
    assert set(response.json) == {"user"}
    assert response.json["user"] == {"id": response.json["user"]["id"], "email": EMAIL, "name": NAME}
    assert "Set-Cookie" not in response.headers


def test_signup_keeps_only_an_argon2id_hash(client: FlaskClient, postgres: Postgres, database: str) -> None:
    signup(client)

    [(stored,)] = postgres.execute("SELECT password_hash FROM users", database)
    assert stored.startswith("$argon2id$")


def test_second_signup_with_one_address_is_refused(client: FlaskClient) -> None:
    signup(client)

    response = signup(client, email="KIM@example.com", name="다른 사람")

    assert response.status_code == 409
    assert response.json["type"] == "urn:hankki:problem:email-taken"


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
    assert wrong_password.headers == unknown_account.headers
    # The same work: one verification each, with the same parameters.
    assert len(verified) == 2
    assert verified[0].split("$")[:4] == verified[1].split("$")[:4]


def test_unknown_account_can_not_log_in_with_any_password(client: FlaskClient) -> None:
    for password in ("", " ", "password"):
        assert login(client, email="nobody@example.com", password=password).status_code in (401, 422)


def test_refresh_rotates_the_cookie(client: FlaskClient) -> None:
    signup(client)
    login(client)
    first = refresh_token(client)

    response = client.post("/api/v1/auth/refresh")

    assert response.status_code == 200
    assert response.json["user"]["email"] == EMAIL
    assert client.get("/api/v1/me", headers=bearer(response)).status_code == 200
    assert refresh_token(client) != first


def test_reused_refresh_token_is_refused_and_ends_the_session(client: FlaskClient) -> None:
    signup(client)
    login(client)
    stolen = refresh_token(client)
    client.post("/api/v1/auth/refresh")
    current = refresh_token(client)

    use_refresh_token(client, stolen)
    reused = client.post("/api/v1/auth/refresh")
    use_refresh_token(client, current)
    after = client.post("/api/v1/auth/refresh")

    assert reused.status_code == after.status_code == 401
    assert reused.content_type == "application/problem+json"
    assert reused.json["type"] == "urn:hankki:problem:session-ended"


def test_of_concurrent_refreshes_with_one_token_one_succeeds(app: Flask, client: FlaskClient) -> None:
    signup(client)
    login(client)
    token = refresh_token(client)

    def refresh(_: int) -> int:
        other = app.test_client()
        use_refresh_token(other, token)
        return other.post("/api/v1/auth/refresh").status_code

    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(refresh, range(4)))

    assert codes == [200, 401, 401, 401]


def test_refresh_without_postgresql_does_not_use_up_the_token(
    client: FlaskClient, make_app: Callable[..., Flask]
) -> None:
    signup(client)
    login(client)
    without_database = make_app(DATABASE_PORT=str(free_port())).test_client()
    use_refresh_token(without_database, refresh_token(client))

    assert without_database.post("/api/v1/auth/refresh").status_code == 503

    assert client.post("/api/v1/auth/refresh").status_code == 200


@pytest.mark.parametrize("token", ["", ".", "no-dot", "a.b", "한.글", "x" * 3000])
def test_refresh_with_a_made_up_token_is_refused(client: FlaskClient, token: str) -> None:
    use_refresh_token(client, token)

    assert client.post("/api/v1/auth/refresh").status_code == 401


def test_logout_ends_the_session_and_clears_the_cookie(client: FlaskClient) -> None:
    signup(client)
    login(client)
    token = refresh_token(client)

    response = client.post("/api/v1/auth/logout")

    assert response.status_code == 204
    assert refresh_token(client) is None
    use_refresh_token(client, token)
    assert client.post("/api/v1/auth/refresh").status_code == 401


def test_logout_without_a_session_is_fine(client: FlaskClient) -> None:
    assert client.post("/api/v1/auth/logout").status_code == 204


def test_sessions_do_not_touch_each_other(app: Flask, client: FlaskClient) -> None:
    signup(client)
    login(client)
    phone = app.test_client()
    login(phone)

    phone.post("/api/v1/auth/logout")

    assert client.post("/api/v1/auth/refresh").status_code == 200


def test_redis_holds_no_refresh_token_and_forgets_the_session(
    client: FlaskClient, redis_server: RedisServer
) -> None:
    signup(client)
    login(client)
    session_id, secret = refresh_token(client).split(".")

    with redis_server.client() as redis:
        [key] = redis.keys()
        assert key == f"session:{session_id}"
        assert secret not in redis.hgetall(key).values()
        assert 0 < redis.ttl(key) <= timedelta(days=14).total_seconds()


def test_me_answers_the_owner_of_the_token(client: FlaskClient) -> None:
    user = signup(client).json["user"]

    response = client.get("/api/v1/me", headers=bearer(login(client)))

    assert response.status_code == 200
    assert response.json == user


def token_of(
    app: Flask, user_id: object, *, key: str | None = None, lifetime: int = 60, **claims: str
) -> str:
    now = int(time.time())
    standard = {"iss": tokens.ISSUER, "sub": str(user_id), "iat": now, "exp": now + lifetime}
    return jwt.encode({**standard, **claims}, key or app.secret_key, algorithm="HS256")


def test_access_token_lives_fifteen_minutes(client: FlaskClient, app: Flask) -> None:
    signup(client)

    claims = jwt.decode(
        login(client).json["accessToken"], app.secret_key, algorithms=["HS256"], issuer="hankki"
    )

    assert claims["exp"] - claims["iat"] == 15 * 60


def test_me_refuses_every_other_token(client: FlaskClient, app: Flask) -> None:
    user_id = signup(client).json["user"]["id"]
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
