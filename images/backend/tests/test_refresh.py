"""Refresh: a token is valid until a successor is used; its later use ends the session."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from accounts import EMAIL, bearer, check_ended, refresh, refresh_token, refresh_with, use_refresh_token
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from servers import RedisServer, free_port

from app import sessions


def successor(client: FlaskClient, token: str) -> str:
    """The result of a refresh with the token."""
    assert refresh_with(client, token).status_code == 200
    return refresh_token(client)


def test_refresh_rotates_the_cookie(browser: FlaskClient) -> None:
    first = refresh_token(browser)

    response = refresh(browser)

    assert response.status_code == 200
    assert set(response.json) == {"accessToken", "user"}
    assert response.json["user"]["email"] == EMAIL
    assert browser.get("/api/v1/me", headers=bearer(response)).status_code == 200
    assert refresh_token(browser) != first
    assert refresh(browser).status_code == 200


def test_token_is_valid_until_a_response_arrives(browser: FlaskClient, replica: FlaskClient) -> None:
    token = refresh_token(browser)
    lost = [successor(pod, token) for pod in (browser, replica, browser)]

    arrived = successor(replica, token)

    assert len({token, arrived, *lost}) == 5
    assert successor(browser, arrived)


def test_any_of_the_responses_may_arrive(device: Callable[[], FlaskClient]) -> None:
    for used in range(4):
        browser = device()
        token = refresh_token(browser)
        responses = [successor(browser, token) for _ in range(4)]

        following = successor(browser, responses[used])

        assert successor(browser, following)


@pytest.mark.parametrize("late", ["former", "sibling", "former of the former"])
def test_use_of_an_invalidated_token_ends_the_session(
    browser: FlaskClient, late: str, caplog: pytest.LogCaptureFixture
) -> None:
    oldest = refresh_token(browser)
    former = successor(browser, oldest)
    sibling, current = successor(browser, former), successor(browser, former)
    following = successor(browser, current)

    secrets = oldest, former, sibling, current, following
    stolen = {"former": former, "sibling": sibling, "former of the former": oldest}[late]
    check_ended(refresh_with(browser, stolen))

    check_ended(refresh_with(browser, following))
    assert "an invalidated refresh token" in caplog.text
    assert not any(token.split(".")[1] in caplog.text for token in secrets)


def test_theft_is_detected_even_with_alternating_refreshes(browser: FlaskClient) -> None:
    token = refresh_token(browser)
    owners, thiefs = successor(browser, token), successor(browser, token)

    owners = successor(browser, owners)
    check_ended(refresh_with(browser, thiefs))

    check_ended(refresh_with(browser, owners))


def test_concurrent_refreshes_with_one_token_all_succeed(app: Flask, browser: FlaskClient) -> None:
    threads = 16
    start = Barrier(threads)
    token = refresh_token(browser)

    def refresh_at_once(_: int) -> str:
        tab = app.test_client()
        start.wait()
        return successor(tab, token)

    for last in range(3):
        with ThreadPoolExecutor(threads) as pool:
            responses = list(pool.map(refresh_at_once, range(threads)))

        assert len(set(responses)) == threads
        # The browser keeps one of the responses, and all tabs use it.
        token = responses[last]
    assert successor(browser, token)


def test_number_of_successors_is_bounded(browser: FlaskClient, redis_server: RedisServer) -> None:
    token = refresh_token(browser)
    with redis_server.client() as redis:
        for _ in range(sessions.MOST_SUCCESSORS + 1):
            kept = successor(browser, token)
        full = redis.memory_usage(f"session:{token.split('.')[0]}")
        for _ in range(10):
            kept = successor(browser, token)
        assert redis.memory_usage(f"session:{token.split('.')[0]}") == full < 4096
    assert successor(browser, kept)


def test_token_is_valid_if_redis_ran_the_script_twice(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a connection that ended before the reply: the client library retries."""
    send = Redis._send_command_parse_response
    cut = []

    def lose_the_first_answer(self: Redis, connection: object, name: str, *args: object, **options: object):
        response = send(self, connection, name, *args, **options)
        if name == "EVAL" and not cut:
            cut.append(name)
            raise RedisConnectionError("cut")
        return response

    monkeypatch.setattr(Redis, "_send_command_parse_response", lose_the_first_answer)
    assert refresh(browser).status_code == 200
    assert cut
    assert refresh(browser).status_code == 200


def test_token_is_valid_after_a_timeout_of_redis(browser: FlaskClient, redis_server: RedisServer) -> None:
    redis_server.pause()
    try:
        unanswered = refresh(browser)
    finally:
        redis_server.resume()

    assert unanswered.status_code == 503
    assert "Set-Cookie" not in unanswered.headers
    assert refresh(browser).status_code == 200
    assert refresh(browser).status_code == 200


def test_refresh_without_postgresql_does_not_use_up_the_token(
    browser: FlaskClient, make_app: Callable[..., Flask]
) -> None:
    without_database = make_app(DATABASE_PORT=str(free_port())).test_client()

    assert refresh_with(without_database, refresh_token(browser)).status_code == 503

    assert refresh(browser).status_code == 200


@pytest.mark.parametrize("token", ["", ".", "no-dot", "a.b", "a.b.c", "한.글", "x" * 3000, "x.\n", "a.b "])
def test_refresh_with_a_forged_token_is_refused(client: FlaskClient, token: str) -> None:
    check_ended(refresh_with(client, token))


def test_logout_with_any_valid_token_ends_the_session(device: Callable[[], FlaskClient]) -> None:
    for used in range(3):
        browser = device()
        token = refresh_token(browser)
        tokens = [token, successor(browser, token), successor(browser, token)]

        use_refresh_token(browser, tokens[used])
        assert browser.post("/api/v1/auth/logout").status_code == 204

        for other in tokens:
            check_ended(refresh_with(browser, other))
