"""Changing and deleting an account."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from accounts import EMAIL, NAME, PASSWORD, bearer, login, refresh_token, signup
from flask import Flask
from flask.testing import FlaskClient
from servers import Postgres, RedisServer

from app import accounts, passwords, sessions
from app.api import auth

NEW_PASSWORD = "된장찌개-세-그릇"
MUTATIONS = [
    ("POST", "/api/v1/auth/logout-all", None),
    ("PATCH", "/api/v1/me", {"name": "이한끼"}),
    ("PUT", "/api/v1/me/password", {"currentPassword": PASSWORD, "newPassword": NEW_PASSWORD}),
    ("POST", "/api/v1/me/deletion", {"password": PASSWORD}),
]


@pytest.fixture
def access(client: FlaskClient) -> dict[str, str]:
    signup(client)
    return bearer(login(client))


def change_password(client: FlaskClient, access: dict[str, str], **changes: str):
    body = {"currentPassword": PASSWORD, "newPassword": NEW_PASSWORD, **changes}
    return client.put("/api/v1/me/password", json=body, headers=access)


def delete(client: FlaskClient, access: dict[str, str], password: str = PASSWORD):
    return client.post("/api/v1/me/deletion", json={"password": password}, headers=access)


def test_name_is_changed(client: FlaskClient, access: dict[str, str]) -> None:
    before = client.get("/api/v1/me", headers=access).json

    response = client.patch("/api/v1/me", json={"name": " 이한끼 "}, headers=access)

    assert response.status_code == 200
    assert response.json == {**before, "name": "이한끼"}
    assert client.get("/api/v1/me", headers=access).json == response.json


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x" * 51}, {"name": NAME, "email": "a@b.kr"}])
def test_invalid_names_are_refused(client: FlaskClient, access: dict[str, str], body: dict) -> None:
    assert client.patch("/api/v1/me", json=body, headers=access).status_code == 422
    assert client.get("/api/v1/me", headers=access).json["name"] == NAME


def test_password_change_ends_all_other_sessions(
    app: Flask, client: FlaskClient, access: dict[str, str]
) -> None:
    phone = app.test_client()
    login(phone)

    response = change_password(client, access)

    assert response.status_code == 204
    assert phone.post("/api/v1/auth/refresh").status_code == 401
    assert client.post("/api/v1/auth/refresh").status_code == 200
    assert login(phone).status_code == 401
    assert login(phone, password=NEW_PASSWORD).status_code == 200


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"newPassword": "short"}, "#/newPassword"), ({"currentPassword": ""}, "#/currentPassword")],
)
def test_malformed_password_changes_nothing(
    client: FlaskClient, access: dict[str, str], changes: dict[str, str], pointer: str
) -> None:
    response = change_password(client, access, **changes)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json["errors"]] == [pointer]
    assert login(client).status_code == 200


def test_wrong_current_password_changes_nothing(
    app: Flask, client: FlaskClient, access: dict[str, str]
) -> None:
    phone = app.test_client()
    login(phone)

    for response in (
        change_password(client, access, currentPassword="wrong"),
        delete(client, access, password="wrong"),
    ):
        assert response.status_code == 422
        assert response.json["type"] == "urn:hankki:problem:password-wrong"
    assert phone.post("/api/v1/auth/refresh").status_code == 200
    assert login(client).status_code == 200


def test_deletion_ends_the_account_and_its_sessions(
    app: Flask, client: FlaskClient, access: dict[str, str], postgres: Postgres, database: str
) -> None:
    phone = app.test_client()
    login(phone)
    signup(client, email="lee@example.com")

    response = delete(client, access)

    assert response.status_code == 204
    assert refresh_token(client) is None
    assert postgres.execute("SELECT email FROM users", database) == [("lee@example.com",)]
    assert phone.post("/api/v1/auth/refresh").status_code == 401
    assert client.get("/api/v1/me", headers=access).status_code == 401
    assert login(client).status_code == 401
    assert signup(client).status_code == 201
    assert login(client).status_code == 200


@pytest.mark.parametrize(("method", "path", "body"), MUTATIONS)
def test_account_changes_need_a_live_session(
    client: FlaskClient, access: dict[str, str], method: str, path: str, body: dict | None
) -> None:
    client.post("/api/v1/auth/logout")

    response = client.open(path, method=method, json=body, headers=access)

    assert response.status_code == 401
    assert response.json["type"] == "urn:hankki:problem:session-ended"
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert client.open(path, method=method, json=body).json["type"] == "urn:hankki:problem:token-missing"
    assert login(client).json["user"]["name"] == NAME


@pytest.mark.parametrize(("method", "path", "body"), MUTATIONS)
def test_account_changes_fail_without_redis(
    client: FlaskClient,
    access: dict[str, str],
    redis_server: RedisServer,
    method: str,
    path: str,
    body: dict | None,
) -> None:
    redis_server.stop()

    response = client.open(path, method=method, json=body, headers=access)

    assert response.status_code == 503
    assert response.json["type"] == "urn:hankki:problem:sessions-unavailable"
    redis_server.start()
    assert login(client).json["user"]["name"] == NAME


def test_password_is_unchanged_if_sessions_cannot_be_ended(
    client: FlaskClient, access: dict[str, str], redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    revoke_all = sessions.revoke_all

    def redis_dies(*arguments: object, **options: object) -> None:
        redis_server.stop()
        revoke_all(*arguments, **options)

    monkeypatch.setattr(sessions, "revoke_all", redis_dies)

    assert change_password(client, access).status_code == 503

    redis_server.start()
    assert login(client).status_code == 200


@pytest.mark.parametrize("change", [change_password, delete])
def test_login_that_overlaps_a_change_opens_no_session(
    app: Flask,
    client: FlaskClient,
    access: dict[str, str],
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable,
) -> None:
    start = sessions.start

    def changed_before_start(user_id: int) -> sessions.Session:
        monkeypatch.setattr(sessions, "start", start)
        assert change(app.test_client(), access).status_code == 204
        return start(user_id)

    monkeypatch.setattr(sessions, "start", changed_before_start)
    thief = app.test_client()

    response = login(thief)

    assert response.status_code == 401
    assert refresh_token(thief) is None
    with redis_server.client() as redis:
        own = 1 if change is change_password else 0
        assert len(redis.keys("session:*")) == own


@pytest.mark.parametrize("change", [change_password, delete])
def test_login_between_the_end_of_the_sessions_and_the_commit_waits_and_fails(
    app: Flask,
    client: FlaskClient,
    access: dict[str, str],
    postgres: Postgres,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable,
) -> None:
    thief = app.test_client()
    revoke_all = sessions.revoke_all
    waiting = (
        f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND wait_event_type = 'Lock'"
    )

    with ThreadPoolExecutor(1) as pool:
        logins: list[Future] = []

        def login_after(*arguments: object, **options: object) -> None:
            revoke_all(*arguments, **options)
            logins.append(pool.submit(login, thief))
            deadline = time.monotonic() + 20
            while postgres.execute(waiting) == [(0,)]:
                assert time.monotonic() < deadline, "the login did not wait"
                time.sleep(0.02)

        monkeypatch.setattr(sessions, "revoke_all", login_after)
        assert change(client, access).status_code == 204

        assert logins[0].result(20).status_code == 401
    assert refresh_token(thief) is None


def test_recipes_follow_their_author(
    client: FlaskClient, access: dict[str, str], postgres: Postgres, database: str
) -> None:
    user_id = client.get("/api/v1/me", headers=access).json["id"]
    postgres.execute(f"UPDATE recipes SET author_id = {user_id} WHERE id = 1", database)
    assert client.put("/api/v1/me/favourites/2", headers=access).status_code == 204
    assert client.get("/api/v1/recipes/1").json["author"] == {"name": NAME}

    client.patch("/api/v1/me", json={"name": "이한끼"}, headers=access)
    assert client.get("/api/v1/recipes/1").json["author"] == {"name": "이한끼"}

    delete(client, access)
    assert client.get("/api/v1/recipes/1").status_code == 404
    assert client.get("/api/v1/recipes/2").status_code == 200
    assert postgres.execute("SELECT count(*) FROM favourites", database) == [(0,)]


def test_outdated_hash_is_renewed_at_login_but_never_over_a_new_password(
    app: Flask, client: FlaskClient, postgres: Postgres, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signup(client)
    [(old,)] = postgres.execute("SELECT password_hash FROM users", database)
    monkeypatch.setattr(auth, "needs_rehash", lambda _: True)

    assert login(client).status_code == 200

    [(renewed,)] = postgres.execute("SELECT password_hash FROM users", database)
    assert renewed != old
    with app.app_context():
        user = accounts.find(EMAIL)
        assert not accounts.replace_password_hash(user, old, passwords.hash_password("the old password"))


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("post", "/auth/signup", "201 422 429 503"),
        ("post", "/auth/login", "200 401 422 429 503"),
        ("post", "/auth/refresh", "200 401 503"),
        ("post", "/auth/token", "200 401 422 503"),
        ("post", "/auth/logout", "204 422 503"),
        ("post", "/auth/logout-all", "204 401 503"),
        ("get", "/me", "200 401"),
        ("patch", "/me", "200 401 422 503"),
        ("put", "/me/password", "204 401 422 429 503"),
        ("post", "/me/deletion", "204 401 422 429 503"),
    ],
)
def test_openapi_document_has_every_response(
    client: FlaskClient, method: str, path: str, statuses: str
) -> None:
    operation = client.get("/api/v1/openapi.json").json["paths"][f"/api/v1{path}"][method]

    assert sorted(operation["responses"].keys() - {"default"}) == statuses.split()
    bearer_routes = "/me", "/auth/logout-all"
    assert (operation.get("security") == [{"bearer": []}]) == path.startswith(bearer_routes)
