"""The cache of responses in each worker: equal to Flask's, and never older than an acknowledged change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import ORIGIN
from cooking import INGREDIENTS, RECIPES, Cook
from flask import Flask, request, request_started
from flask.testing import FlaskClient
from servers import RedisServer
from test_cache import CHEAPEST, PATHS
from werkzeug.test import TestResponse

from app import cache, response_cache


@pytest.fixture
def flask_requests(app: Flask) -> Iterator[list[str]]:
    """The paths of the requests that reached Flask."""
    paths: list[str] = []

    def note(*_: object, **__: object) -> None:
        paths.append(request.path)

    with request_started.connected_to(note, app):
        yield paths


def shape(response: TestResponse) -> tuple:
    headers = sorted((name, value) for name, value in response.headers if name != "X-Request-Id")
    return response.status, headers, response.data


@pytest.mark.parametrize("path", [*PATHS, f"{RECIPES}/1", f"{RECIPES}/1/cost-history", CHEAPEST])
@pytest.mark.parametrize("origin", [None, ORIGIN, "http://elsewhere.example"])
def test_cached_response_equals_the_response_of_flask(
    client: FlaskClient, flask_requests: list[str], path: str, origin: str
) -> None:
    headers = {"Origin": origin} if origin else {}
    own = client.get(path, headers=headers)
    known = {**headers, "If-None-Match": own.headers["ETag"]}
    # A list of ETags goes to Flask.
    own_304 = client.get(path, headers={**known, "If-None-Match": f'"other", {own.headers["ETag"]}'})
    assert len(flask_requests) == 2

    kept, kept_304 = client.get(path, headers=headers), client.get(path, headers=known)
    weak_304 = client.get(path, headers={**known, "If-None-Match": f"W/{own.headers['ETag']}"})

    assert len(flask_requests) == 2
    assert own.status_code == 200
    assert own_304.status_code == 304
    assert shape(kept) == shape(own)
    assert shape(kept_304) == shape(weak_304) == shape(own_304)


def test_cached_response_has_a_new_or_the_given_request_id(
    client: FlaskClient, flask_requests: list[str]
) -> None:
    first, second, third = (client.get(RECIPES) for _ in range(3))
    given = client.get(RECIPES, headers={"X-Request-Id": "follow-me"})
    refused = client.get(RECIPES, headers={"X-Request-Id": "no good"})

    assert len(flask_requests) == 1
    ids = {answer.headers["X-Request-Id"] for answer in (first, second, third, refused)}
    assert len(ids) == 4
    assert given.headers["X-Request-Id"] == "follow-me"


def test_only_successful_public_responses_are_cached(cook: Cook, flask_requests: list[str]) -> None:
    for path in ("/api/v1/me", f"{RECIPES}/999999", f"{RECIPES}?minCost=1", "/healthz/live"):
        flask_requests.clear()
        cook.client.get(path, headers=cook.headers)
        cook.client.get(path, headers=cook.headers)
        assert len(flask_requests) == 2, path


def test_change_responds_after_all_replicas_have_dropped_the_old_response(
    cook: Cook, client: FlaskClient, make_app: Callable[..., Flask]
) -> None:
    """Replicas are read constantly while a price rises: none shows less than the last acknowledged price."""
    replicas = [client, *(make_app().test_client() for _ in range(2))]
    recipe = cook.recipe((1, "g", 1, 1))
    path = f"{RECIPES}/{recipe['id']}"
    prices = f"{INGREDIENTS}/{recipe['ingredients'][0]['ingredientId']}/prices"
    acknowledged, stop = 1, False

    def read(replica: FlaskClient) -> int:
        reads = 0
        while not stop:
            at_least = acknowledged
            assert replica.application.test_client().get(path).json["costPerMeal"] >= at_least
            reads += 1
        return reads

    with ThreadPoolExecutor(len(replicas)) as readers:
        counts = [readers.submit(read, replica) for replica in replicas]
        try:
            for price in range(2, 27):
                assert cook.post(prices, {"price": price, "per": 1}).status_code == 201
                acknowledged = price
                time.sleep(0.005)
        finally:
            stop = True
        assert min(count.result() for count in counts) > 25


def test_cached_response_expires_with_its_entry(
    client: FlaskClient, flask_requests: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(RECIPES)
    client.get(RECIPES)
    assert len(flask_requests) == 1

    after = time.monotonic() + cache.LIFETIME.total_seconds() + 1
    monkeypatch.setattr(time, "monotonic", lambda: after)
    client.get(RECIPES)

    assert len(flask_requests) == 2


def test_cached_responses_are_not_used_without_redis(
    client: FlaskClient, flask_requests: list[str], redis_server: RedisServer
) -> None:
    """Without Redis this process would miss a change."""
    expected = client.get(RECIPES).data
    redis_server.stop()
    time.sleep(cache.LEASE)
    flask_requests.clear()

    assert client.get(RECIPES).data == client.get(RECIPES).data == expected
    assert len(flask_requests) == 2


def test_number_of_cached_responses_is_bounded(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = 4
    monkeypatch.setattr(response_cache, "MOST", few)
    for number in range(3 * few):
        client.get(RECIPES, query_string={"unknown-parameter": number})
        assert 0 < len(stored(app)) <= few

    monkeypatch.setattr(response_cache, "LARGEST", 100)
    before = set(stored(app))
    client.get(f"{RECIPES}?limit=100")
    assert set(stored(app)) == before


def stored(app: Flask) -> dict:
    return app.wsgi_app._stored
