"""A rollout: pods of this version and of the previous version share sessions."""

from __future__ import annotations

import pytest
from accounts import check_ended, refresh, refresh_token, refresh_with, signup
from flask import Flask
from flask.testing import FlaskClient
from servers import RedisServer

from app import sessions

# The script of the previous version, verbatim.
FORMER_ROTATE = """
local session = KEYS[1]
local id, given, fresh, lifetime, overlap = unpack(ARGV)
local secret, user, previous, rotated =
  unpack(redis.call('HMGET', session, 'secret', 'user', 'previous', 'rotated'))
if not secret then return {'ended'} end
local now, index = redis.call('TIME')[1], 'sessions:' .. user
if secret ~= given then
  if previous == given and now - rotated < tonumber(overlap) then return {'superseded'} end
  redis.call('DEL', session)
  redis.call('ZREM', index, id)
  return {'ended'}
end
redis.call('HSET', session, 'secret', fresh, 'previous', secret, 'rotated', now)
redis.call('EXPIRE', session, lifetime)
redis.call('ZADD', index, now + lifetime, id)
redis.call('EXPIRE', index, lifetime)
return {'rotated', user}
"""


class FormerPod:
    def __init__(self, redis_server: RedisServer) -> None:
        self._redis_server = redis_server
        self._given = 0

    def refresh(self, token: str) -> str:
        """The next token, or the reason for a refusal."""
        session_id, secret = token.split(".")
        self._given += 1
        fresh = f"from-the-version-before-{self._given}"
        with self._redis_server.client() as redis:
            key, hashes = f"session:{session_id}", (sessions._hash(secret), sessions._hash(fresh))
            outcome = redis.eval(FORMER_ROTATE, 1, key, session_id, *hashes, 14 * 24 * 3600, 10)[0]
        return f"{session_id}.{fresh}" if outcome == "rotated" else outcome


@pytest.fixture
def former(redis_server: RedisServer) -> FormerPod:
    return FormerPod(redis_server)


def test_tokens_are_valid_on_pods_of_both_versions(browser: FlaskClient, former: FormerPod) -> None:
    token = refresh_token(browser)

    for _ in range(3):
        token = former.refresh(token)
        assert refresh_with(browser, token).status_code == 200
        token = refresh_token(browser)


def test_lost_response_of_the_previous_version(browser: FlaskClient, former: FormerPod) -> None:
    token = refresh_token(browser)
    lost = former.refresh(token)

    assert refresh_with(browser, token).status_code == 200

    assert refresh(browser).status_code == 200
    check_ended(refresh_with(browser, lost))


def test_tab_that_the_previous_version_served_first(browser: FlaskClient, former: FormerPod) -> None:
    token = refresh_token(browser)
    first = former.refresh(token)
    refresh_with(browser, token)

    assert refresh_with(browser, first).status_code == 200


def test_second_tab_on_the_previous_version_must_retry(browser: FlaskClient, former: FormerPod) -> None:
    token = refresh_token(browser)
    refresh(browser)

    assert former.refresh(token) == "superseded"

    assert former.refresh(refresh_token(browser)) != "ended"


def test_theft_is_detected_across_versions(browser: FlaskClient, former: FormerPod) -> None:
    stolen = refresh_token(browser)
    refresh_with(browser, stolen)
    sibling = refresh_token(browser)
    refresh_with(browser, stolen)
    current = former.refresh(refresh_token(browser))
    current = former.refresh(current)

    check_ended(refresh_with(browser, sibling))
    check_ended(refresh_with(browser, current))


def test_page_of_the_previous_version_sends_no_body_and_gets_no_token(
    client: FlaskClient, app: Flask
) -> None:
    signup(client)
    credentials = {"email": "kim@example.com", "password": "김치찌개-두-그릇"}

    assert client.post("/api/v1/auth/login", json=credentials).json.keys() == {"accessToken", "user"}
    assert client.post("/api/v1/auth/refresh").json.keys() == {"accessToken", "user"}
    assert client.post("/api/v1/auth/logout").status_code == 204
