"""An ingredient's prices, in pages: ten years of daily prices do not give a response of megabytes."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from cooking import INGREDIENTS, Cook
from flask.testing import FlaskClient
from servers import Postgres

from app.api.pages import MAX_LIMIT

YEARS = 3650


@pytest.fixture
def path(cook: Cook, postgres: Postgres, database: str) -> str:
    """An ingredient with YEARS prices, 1 won to YEARS won, two for each instant."""
    ingredient = cook.ingredient("g", YEARS, 1)
    postgres.execute(
        "INSERT INTO ingredient_prices (ingredient_id, price, per, at)"
        f" SELECT {ingredient}, day, 1, now() - ({YEARS} - day + day % 2) * interval '1 day'"
        f" FROM generate_series(1, {YEARS - 1}) day",
        database,
    )
    return f"{INGREDIENTS}/{ingredient}/prices"


def won(page: dict) -> list[int]:
    return [item["price"] for item in page["items"]]


def pages(client: FlaskClient, path: str, **query: object) -> list[dict]:
    found, cursor = [], {}
    while True:
        response = client.get(path, query_string={**query, **cursor})
        assert response.status_code == 200, response.json
        found.append(response.json)
        if response.json["nextCursor"] is None:
            return found
        cursor = {"cursor": response.json["nextCursor"]}


def test_pages_contain_every_price_once_newest_first(client: FlaskClient, path: str) -> None:
    first, *others = pages(client, path, sort="newest", limit=50)

    assert won(first) == [*range(YEARS, YEARS - 50, -1)]
    assert [price for page in (first, *others) for price in won(page)] == [*range(YEARS, 0, -1)]


def test_client_of_the_previous_version_gets_the_latest_prices_oldest_first(
    client: FlaskClient, path: str
) -> None:
    first, *others = pages(client, path)

    assert won(first) == [*range(YEARS - MAX_LIMIT + 1, YEARS + 1)]
    assert [price for page in reversed([first, *others]) for price in won(page)] == [*range(1, YEARS + 1)]


def test_price_reported_between_two_pages_does_not_shift_the_second_page(cook: Cook, path: str) -> None:
    first = cook.get(path, sort="newest", limit=2).json
    cook.post(path, {"price": YEARS, "per": 1})

    assert won(cook.get(path, sort="newest", limit=2, cursor=first["nextCursor"]).json) == [
        YEARS - 2,
        YEARS - 3,
    ]


def test_first_page_contains_a_new_price_at_once(cook: Cook, path: str) -> None:
    for query in ({}, {"sort": "newest"}, {"sort": "newest", "limit": 3}):
        cook.get(path, **query)
        added = cook.post(path, {"price": YEARS, "per": 1}).json

        assert added in cook.get(path, **query).json["items"]


def test_every_invalid_argument_is_reported(cook: Cook, path: str) -> None:
    refused = cook.get(path, sort="dearest", limit=MAX_LIMIT + 1, cursor="?")

    assert refused.status_code == 422
    assert {error["parameter"] for error in refused.json["errors"]} == {"sort", "limit", "cursor"}


@pytest.mark.parametrize(
    "place", ['"2026"', '"2026-01-01T00:00:00"', '"x"', "1", '"2026-01-01T00:00:00+00:00"']
)
def test_cursor_of_another_list_is_refused(cook: Cook, path: str, place: str) -> None:
    cursor = urlsafe_b64encode(f'["newest", {place}, "1"]'.encode()).decode()

    assert cook.get(path, sort="newest", cursor=cursor).status_code == 422


def test_unknown_ingredient_is_not_found_on_any_page(cook: Cook, path: str) -> None:
    cursor = cook.get(path, sort="newest", limit=1).json["nextCursor"]

    for query in ({}, {"sort": "newest"}, {"sort": "newest", "cursor": cursor}):
        assert cook.get(f"{INGREDIENTS}/999999/prices", **query).status_code == 404
