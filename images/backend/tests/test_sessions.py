"""Refresh with rotation and reuse detection, logout of one device and of all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from accounts import EMAIL, bearer, login, refresh_token, signup, use_refresh_token
from flask import Flask
from flask.testing import FlaskClient
from servers import PASSWORD, RedisServer, free_port
from werkzeug.test import TestResponse

from app import sessions


def refresh(client: FlaskClient) -> TestResponse:
    return client.post("/api/v1/auth/refresh")


def refresh_with(client: FlaskClient, token: str) -> TestResponse:
    use_refresh_token(client, token)
    return refresh(client)


def check_ended(response: TestResponse) -> None:
    assert response.status_code == 401
    assert response.content_type == "application/problem+json"
    assert response.json["type"] == "urn:hankki:problem:session-ended"


@pytest.fixture
def device(app: Flask, client: FlaskClient) -> Callable[[], FlaskClient]:
    """Log in on one more device."""
    signup(client)

    def device() -> FlaskClient:
        browser = app.test_client()
        assert login(browser).status_code == 200
        return browser

    return device


@pytest.fixture
def browser(device: Callable[[], FlaskClient]) -> FlaskClient:
    return device()


def test_refresh_rotates_the_cookie(browser: FlaskClient) -> None:
    first = refresh_token(browser)

    response = refresh(browser)

    assert response.status_code == 200
    assert response.json["user"]["email"] == EMAIL
    assert browser.get("/api/v1/me", headers=bearer(response)).status_code == 200
    assert refresh_token(browser) != first
    assert refresh(browser).status_code == 200


def test_of_many_concurrent_refreshes_with_one_token_exactly_one_wins(
    app: Flask, browser: FlaskClient
) -> None:
    threads = 16
    start = Barrier(threads)
    token = refresh_token(browser)

    def refresh_at_once(_: int) -> tuple[int, str]:
        other = app.test_client()
        use_refresh_token(other, token)
        start.wait()
        return refresh(other).status_code, refresh_token(other)

    for _ in range(5):
        with ThreadPoolExecutor(threads) as pool:
            answers = sorted(pool.map(refresh_at_once, range(threads)))

        assert [code for code, _ in answers] == [200] + [409] * (threads - 1)
        assert {kept for code, kept in answers if code == 409} == {token}
        # The tabs that were second did not end the session of the first.
        use_refresh_token(browser, answers[0][1])
        assert refresh(browser).status_code == 200
        token = refresh_token(browser)


def test_second_tab_is_told_to_try_again_with_the_new_cookie(browser: FlaskClient) -> None:
    old = refresh_token(browser)
    refresh(browser)
    new = refresh_token(browser)

    late = refresh_with(browser, old)

    assert late.status_code == 409
    assert late.json["type"] == "urn:hankki:problem:refresh-superseded"
    assert "Set-Cookie" not in late.headers
    assert refresh_with(browser, new).status_code == 200


def test_token_used_again_later_ends_the_session(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "OVERLAP", timedelta(0))
    stolen = refresh_token(browser)
    refresh(browser)
    current = refresh_token(browser)

    check_ended(refresh_with(browser, stolen))
    check_ended(refresh_with(browser, current))


def test_token_of_before_the_last_ends_the_session_at_once(browser: FlaskClient) -> None:
    stolen = refresh_token(browser)
    refresh(browser)
    refresh(browser)
    current = refresh_token(browser)

    check_ended(refresh_with(browser, stolen))
    check_ended(refresh_with(browser, current))


def test_refresh_without_postgresql_does_not_use_up_the_token(
    browser: FlaskClient, make_app: Callable[..., Flask]
) -> None:
    without_database = make_app(DATABASE_PORT=str(free_port())).test_client()

    assert refresh_with(without_database, refresh_token(browser)).status_code == 503

    assert refresh(browser).status_code == 200


@pytest.mark.parametrize("token", ["", ".", "no-dot", "a.b", "한.글", "x" * 3000])
def test_refresh_with_a_made_up_token_is_refused(client: FlaskClient, token: str) -> None:
    check_ended(refresh_with(client, token))


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


def test_logout_with_a_made_up_secret_ends_nothing(browser: FlaskClient) -> None:
    token = refresh_token(browser)
    use_refresh_token(browser, token.split(".")[0] + ".guess")

    assert browser.post("/api/v1/auth/logout").status_code == 204

    assert refresh_with(browser, token).status_code == 200


def test_logout_without_a_session_is_fine(client: FlaskClient) -> None:
    assert client.post("/api/v1/auth/logout").status_code == 204


def test_sessions_do_not_touch_each_other(device: Callable[[], FlaskClient]) -> None:
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


def test_redis_holds_no_refresh_token_and_forgets_the_session(
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


def test_one_session_too_many_ends_the_oldest(
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


def test_index_forgets_sessions_that_ran_out(
    device: Callable[[], FlaskClient], redis_server: RedisServer
) -> None:
    device()
    with redis_server.client() as redis:
        [index] = redis.keys("sessions:*")
        redis.zadd(index, {"long-gone": 1})
        device()
        assert redis.zcard(index) == 2
        assert redis.zscore(index, "long-gone") is None


def test_redis_is_asked_as_the_user_of_the_environment(
    make_app: Callable[..., Flask], redis_server: RedisServer
) -> None:
    with redis_server.client() as redis:
        redis.acl_setuser("api", enabled=True, passwords=[f"+{PASSWORD}"], categories=["+@all"], keys=["*"])
    signup(make_app(REDIS_USERNAME="api").test_client())

    assert login(make_app(REDIS_USERNAME="api").test_client()).status_code == 200
    stranger = login(make_app(REDIS_USERNAME="somebody").test_client())
    assert stranger.status_code == 503
    assert stranger.json["type"] == "urn:hankki:problem:sessions-unavailable"
