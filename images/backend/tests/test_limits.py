"""Rate limits of passwords and sign-ups, for all replicas."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from accounts import EMAIL, PASSWORD, bearer, login, signup
from flask import Flask
from flask.testing import FlaskClient
from servers import RedisServer
from werkzeug.test import TestResponse

from app import limits
from app.api import auth
from app.limits import Limit, Limits

WINDOW = timedelta(minutes=15)
NOBODY = "nobody@example.com"


@pytest.fixture(autouse=True)
def few_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Low limits for tests: argon2 is slow by design."""
    monkeypatch.setattr(limits, "PASSWORD", Limits("password", Limit(3, WINDOW), Limit(5, WINDOW)))
    monkeypatch.setattr(limits, "SIGNUP", Limits("signup", Limit(2, WINDOW), Limit(4, WINDOW)))


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were verified."""
    passwords: list[str] = []
    verify = auth.verify_password

    def recorder(stored: str | None, password: str) -> bool:
        passwords.append(password)
        return verify(stored, password)

    monkeypatch.setattr(auth, "verify_password", recorder)
    return passwords


def from_address(client: FlaskClient, address: str) -> FlaskClient:
    client.environ_base["REMOTE_ADDR"] = address
    return client


def codes(responses: list[TestResponse]) -> list[int]:
    return [response.status_code for response in responses]


def check_limited(response: TestResponse) -> None:
    assert response.status_code == 429
    assert response.content_type == "application/problem+json"
    assert response.json["type"] == "urn:hankki:problem:too-many-attempts"
    assert 0 < int(response.headers["Retry-After"]) <= WINDOW.total_seconds()


@pytest.mark.parametrize("email", [EMAIL, NOBODY])
def test_attempts_for_known_and_unknown_accounts_are_limited(
    client: FlaskClient, verified: list[str], email: str
) -> None:
    signup(client)

    assert codes([login(client, email, f"guess {n}") for n in range(3)]) == [401] * 3
    check_limited(login(client, email.upper(), PASSWORD))

    assert verified == ["guess 0", "guess 1", "guess 2"]


def test_limit_of_an_account_applies_to_all_addresses_and_replicas(
    make_app: Callable[..., Flask],
) -> None:
    replicas = [make_app(), make_app()]
    signup(replicas[0].test_client())

    responses = [
        login(from_address(replicas[n % 2].test_client(), f"192.0.2.{n}"), password="guess") for n in range(4)
    ]

    assert codes(responses[:3]) == [401] * 3
    check_limited(responses[3])


def test_concurrent_attempts_are_all_counted(app: Flask, client: FlaskClient) -> None:
    signup(client)

    with ThreadPoolExecutor(4) as pool:
        responses = list(pool.map(lambda _: login(app.test_client(), password="guess"), range(12)))

    assert sorted(codes(responses)) == [401] * 3 + [429] * 9


def test_correct_password_resets_the_account(client: FlaskClient) -> None:
    signup(client)

    for n in range(3):
        from_address(client, f"192.0.2.{n}")
        assert codes([login(client, password="typo"), login(client, password="typo")]) == [401] * 2
        assert login(client).status_code == 200


def test_correct_passwords_do_not_count_for_the_address(
    client: FlaskClient, redis_server: RedisServer
) -> None:
    signup(client)

    assert codes([login(client) for _ in range(8)]) == [200] * 8

    with redis_server.client() as redis:
        assert {redis.get(key) for key in redis.keys("limit:password:*")} == {"0"}


def test_login_to_another_account_does_not_reset_the_address(client: FlaskClient) -> None:
    signup(client)

    for n in range(5):
        assert login(client, f"victim-{n}@example.com", "guess").status_code == 401
        assert login(client).status_code == (200 if n < 4 else 429)

    check_limited(login(client, "victim-5@example.com", "guess"))


def test_limit_of_an_address_does_not_apply_to_other_addresses(app: Flask, client: FlaskClient) -> None:
    signup(client)
    for n in range(5):
        login(client, f"victim-{n}@example.com", "guess")

    check_limited(login(client))
    assert login(from_address(app.test_client(), "192.0.2.7")).status_code == 200


def test_addresses_of_one_ipv6_network_count_as_one(app: Flask) -> None:
    for n in range(5):
        neighbour = from_address(app.test_client(), f"2001:db8:0:1::{n}")
        assert login(neighbour, f"victim-{n}@example.com", "guess").status_code == 401

    check_limited(login(from_address(app.test_client(), "2001:db8:0:1:ffff::"), NOBODY, "guess"))
    assert login(from_address(app.test_client(), "2001:db8:0:2::1"), NOBODY, "guess").status_code == 401


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_address_of_a_client(app: Flask, address: str, counted: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert limits._address() == counted


def test_limit_ends_with_its_window_and_refusals_do_not_extend_it(
    client: FlaskClient, redis_server: RedisServer
) -> None:
    signup(client)
    for _ in range(3):
        login(client, password="guess")
    with redis_server.client() as redis:
        [account] = redis.keys("limit:password:account:*")
        redis.expire(account, 60)
        response = login(client)
        check_limited(response)
        assert int(response.headers["Retry-After"]) <= 60
        assert redis.ttl(account) <= 60

        redis.pexpire(account, 1)
        time.sleep(0.05)  # the window ends

        assert login(client).status_code == 200


def test_signup_is_limited_for_an_account_and_for_an_address(client: FlaskClient) -> None:
    taken = [signup(client) for _ in range(3)]
    assert codes(taken[:2]) == [201] * 2
    check_limited(taken[2])

    others = [signup(client, email=f"cook-{n}@example.com") for n in range(3)]
    assert codes(others[:2]) == [201] * 2
    check_limited(others[2])


def test_password_checks_with_an_access_token_are_limited(client: FlaskClient) -> None:
    signup(client)
    access = bearer(login(client))
    change = {"currentPassword": "guess", "newPassword": "another password"}

    responses = [
        client.put("/api/v1/me/password", json=change, headers=access),
        client.post("/api/v1/me/deletion", json={"password": "guess"}, headers=access),
        login(client, password="guess"),
    ]

    assert codes(responses) == [422, 422, 401]
    check_limited(client.post("/api/v1/me/deletion", json={"password": PASSWORD}, headers=access))
    check_limited(client.put("/api/v1/me/password", json=change, headers=access))


def test_redis_has_no_plain_emails_and_addresses(client: FlaskClient, redis_server: RedisServer) -> None:
    signup(client)
    login(client, password="guess")

    with redis_server.client() as redis:
        keys = redis.keys("limit:*")
        assert len(keys) == 4
        assert not [key for key in keys if EMAIL in key or "127.0.0.1" in key]
        assert all(0 < redis.ttl(key) <= WINDOW.total_seconds() for key in keys)
