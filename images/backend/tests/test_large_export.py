"""The export of an account with many recipes: its size is limited by neither memory nor a slow client."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, IncompleteRead

import pytest
from accounts import CREDENTIALS, NAME
from cable import Cable
from cooking import Cook
from flask import Flask
from gunicorn_server import Gunicorn, until
from raw_client import Open
from servers import HOST, Postgres

from app.api import export as export_api
from app.models import db

PATH = "/api/v1/me/export"
RECIPES, PRICES = 520, 1100
STEPS, STEP = 20, 1000  # characters of three bytes: 60 kB in each recipe
LARGE = RECIPES * STEPS * STEP * 3  # bytes
MIB = 1024 * 1024
# Bytes that a server may use in addition: much more than it needs, and much less than the document.
MEMORY = 12 * MIB


def fill(postgres: Postgres, database: str, user: int) -> None:
    postgres.execute(
        "INSERT INTO recipes (title, summary, servings, cook_minutes, author_id)"
        f" SELECT '요리 ' || number, '', 2, 10, {user} FROM generate_series(1, {RECIPES}) number;"
        "INSERT INTO steps (recipe_id, position, text)"
        f" SELECT recipes.id, step, repeat('썰', {STEP}) FROM recipes, generate_series(0, {STEPS - 1}) step"
        f" WHERE author_id = {user};"
        "INSERT INTO recipe_ingredients (recipe_id, position, ingredient_id, quantity, unit)"
        f" SELECT id, 0, 1 + id % 5, 100, 'g' FROM recipes WHERE author_id = {user};"
        "INSERT INTO favourites (user_id, recipe_id)"
        f" SELECT {user}, id FROM recipes WHERE author_id = {user} ORDER BY id;"
        "WITH added AS (INSERT INTO ingredient_prices (ingredient_id, price, per)"
        f" SELECT 1 + number % 5, number, 100 FROM generate_series(1, {PRICES}) number RETURNING id)"
        f" INSERT INTO price_reports (price_id, user_id) SELECT id, {user} FROM added",
        database,
    )


class Account:
    """An account with these recipes, logged in to a server."""

    def __init__(self, gunicorn: Gunicorn) -> None:
        self.gunicorn = gunicorn
        gunicorn.request("POST", "/api/v1/auth/signup", {**CREDENTIALS, "name": NAME})
        login = gunicorn.request("POST", "/api/v1/auth/login", CREDENTIALS).json
        self.id: int = login["user"]["id"]
        self.authorization = f"Bearer {login['accessToken']}"

    @contextlib.contextmanager
    def export(self, method: str = "GET") -> Iterator[HTTPResponse]:
        """Request the export, and read its head."""
        connection = HTTPConnection(HOST, self.gunicorn.port, timeout=30)
        try:
            connection.request(method, PATH, headers={"Authorization": self.authorization})
            yield connection.getresponse()
        finally:
            connection.close()

    def is_served(self) -> bool:
        with self.export() as response:
            return response.status == 200

    def raw(self) -> bytes:
        return f"GET {PATH} HTTP/1.1\r\nHost: hankki\r\nAuthorization: {self.authorization}\r\n\r\n".encode()


@pytest.fixture
def account(env: dict[str, str], postgres: Postgres, cable: Cable, database: str) -> Iterator[Account]:
    server = Gunicorn({**env, "DATABASE_PORT": str(cable.port)}, workers=1)
    try:
        account = Account(server)
        fill(postgres, database, account.id)
        yield account
    finally:
        server.remove()


def test_export_needs_less_memory_than_its_size(account: Account) -> None:
    with account.export() as response:
        response.read()  # what a first export loads once
    before = most = account.gunicorn.memory()
    pieces = []
    with account.export() as response:
        while piece := response.read(MIB):
            pieces.append(piece)
            most = max(most, account.gunicorn.memory())
    text = b"".join(pieces)

    assert len(text) > LARGE
    assert most - before < MEMORY
    data = json.loads(text)
    numbers = [f"요리 {number}" for number in range(1, RECIPES + 1)]
    assert [recipe["title"] for recipe in data["recipes"]] == numbers
    assert {(len(recipe["steps"]), len(recipe["ingredients"])) for recipe in data["recipes"]} == {(STEPS, 1)}
    assert [favourite["title"] for favourite in data["favourites"]] == numbers[::-1]
    assert [price["price"] for price in data["prices"]] == list(range(1, PRICES + 1))


def test_client_that_does_not_read_its_export_is_disconnected(account: Account, opened: Open) -> None:
    client = opened(account.gunicorn.port, account.raw(), small_buffer=True)
    assert client.socket.recv(12)[-3:] == b"200"

    # After 5 to 10 s without progress the server closes the connection, and serves the next export.
    until(account.is_served, seconds=60)


def test_second_concurrent_export_of_a_worker_is_refused_with_retry_after(cook: Cook) -> None:
    with export_api.one_at_a_time:
        refused = cook.get(PATH)

    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "5"
    assert refused.json["type"] == "urn:hankki:problem:export-busy"
    assert cook.get(PATH).status_code == 200


def test_no_connection_to_postgresql_is_in_use_while_the_client_reads(app: Flask, cook: Cook) -> None:
    for title in ("첫째", "둘째"):
        recipe = cook.recipe(title=title)
        assert cook.put(f"/api/v1/me/favourites/{recipe['id']}").status_code == 204

    with cook.client.get(PATH, headers=cook.headers) as response:
        pieces = 0
        for pieces, _ in enumerate(response.response, start=1):  # noqa: B007 - the last number is what counts
            with app.app_context():
                assert db.engine.pool.checkedout() == 0
    assert pieces > 10


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_export_is_served_after_the_previous_export_has_ended(account: Account, method: str) -> None:
    for _ in range(3):
        with account.export(method) as response:
            assert response.status == 200
            response.read()


def test_client_detects_an_incomplete_export(account: Account, cable: Cable) -> None:
    with account.export() as response:
        response.read(MIB)
        cable.unplug()
        with pytest.raises(IncompleteRead):
            response.read()

    cable.plug()
    until(account.is_served, seconds=60)


def test_export_ends_when_the_client_takes_too_long(cook: Cook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_api, "SECONDS", 0)
    with pytest.raises(TimeoutError, match="has not read"):
        cook.get(PATH)

    monkeypatch.setattr(export_api, "SECONDS", 60)
    assert cook.get(PATH).status_code == 200
