"""Logout of one device and of all, and the data of sessions in Redis; for rotation see test_refresh.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from accounts import (
    bearer,
    check_ended,
    login,
    refresh,
    refresh_token,
    refresh_with,
    signup,
    use_refresh_token,
)
from flask import Flask
from flask.testing import FlaskClient
from servers import PASSWORD, RedisServer

from app import sessions


def test_logout_ends_the_session_and_clears_the_cookie(browser: FlaskClient) -> None:
    token = refresh_token(browser)

    response = browser.post("/api/v1/auth/logout")

    assert response.status_code == 204
    assert refresh_token(browser) is None
    check_ended(refresh_with(browser, token))


def test_logout_while_another_tab_refreshes_ends_the_session(browser: FlaskClient) -> None:
    old = refresh_token(browser)
    refresh(browser)
    new = refresh_token(browser)

    use_refresh_token(browser, old)
    browser.post("/api/v1/auth/logout")

    check_ended(refresh_with(browser, new))


def test_logout_with_a_forged_secret_has_no_effect(browser: FlaskClient) -> None:
    token = refresh_token(browser)
    use_refresh_token(browser, token.split(".")[0] + ".guess")

    assert browser.post("/api/v1/auth/logout").status_code == 204

    assert refresh_with(browser, token).status_code == 200


def test_logout_without_a_session_succeeds(client: FlaskClient) -> None:
    assert client.post("/api/v1/auth/logout").status_code == 204


def test_sessions_are_independent(device: Callable[[], FlaskClient]) -> None:
    laptop, phone = device(), device()

    phone.post("/api/v1/auth/logout")

    assert refresh(laptop).status_code == 200


def test_logout_all_ends_every_session_of_this_account_only(
    client: FlaskClient, device: Callable[[], FlaskClient]
) -> None:
    laptop, phone = device(), device()
    access = bearer(refresh(laptop))
    signup(client, email="lee@example.com")
    login(client, email="lee@example.com")

    response = laptop.post("/api/v1/auth/logout-all", headers=access)

    assert response.status_code == 204
    assert refresh_token(laptop) is None
    check_ended(refresh(phone))
    check_ended(laptop.post("/api/v1/auth/logout-all", headers=access))
    assert refresh(client).status_code == 200


def test_redis_stores_no_refresh_token_and_expires_the_session(
    browser: FlaskClient, redis_server: RedisServer
) -> None:
    for _ in range(2):
        session_id, secret = refresh_token(browser).split(".")
        with redis_server.client() as redis:
            key = f"session:{session_id}"
            [index] = redis.keys("sessions:*")
            assert redis.keys("session:*") == [key]
            assert redis.zrange(index, 0, -1) == [session_id]
            assert secret not in redis.hgetall(key).values()
            for name in (key, index):
                assert 0 < redis.ttl(name) <= timedelta(days=14).total_seconds()
        refresh(browser)

    browser.post("/api/v1/auth/logout")
    with redis_server.client() as redis:
        assert redis.keys("session*") == []


def test_session_above_the_limit_ends_the_oldest(
    device: Callable[[], FlaskClient], redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "SESSIONS_PER_USER", 2)
    oldest = device()
    with redis_server.client() as redis:  # the index counts whole seconds
        [index] = redis.keys("sessions:*")
        redis.zincrby(index, -1, refresh_token(oldest).split(".")[0])
    others = [device(), device()]

    check_ended(refresh(oldest))
    assert [refresh(other).status_code for other in others] == [200, 200]


def test_index_drops_expired_sessions(device: Callable[[], FlaskClient], redis_server: RedisServer) -> None:
    device()
    with redis_server.client() as redis:
        [index] = redis.keys("sessions:*")
        redis.zadd(index, {"long-gone": 1})
        device()
        assert redis.zcard(index) == 2
        assert redis.zscore(index, "long-gone") is None


def test_redis_user_comes_from_the_environment(
    make_app: Callable[..., Flask], redis_server: RedisServer
) -> None:
    with redis_server.client() as redis:
        redis.acl_setuser("api", enabled=True, passwords=[f"+{PASSWORD}"], categories=["+@all"], keys=["*"])
    signup(make_app(REDIS_USERNAME="api").test_client())

    assert login(make_app(REDIS_USERNAME="api").test_client()).status_code == 200
    stranger = login(make_app(REDIS_USERNAME="somebody").test_client())
    assert stranger.status_code == 503
    assert stranger.json["type"] == "urn:hankki:problem:sessions-unavailable"
