"""The ids of the prices that a user reported for an ingredient, in pages."""

from __future__ import annotations

import pytest
from cooking import INGREDIENTS, Cook
from flask.testing import FlaskClient
from servers import Postgres

from app.api.pages import MAX_LIMIT

PATH = "/api/v1/me/prices/ids"
MANY = 250


@pytest.fixture
def ingredient(cook: Cook, postgres: Postgres, database: str) -> int:
    """An ingredient with MANY prices, two per instant. The cook reported the first, and two thirds of all."""
    ingredient = cook.ingredient("g", 1, 1)
    user = cook.get("/api/v1/me").json["id"]
    postgres.execute(
        "WITH added AS (INSERT INTO ingredient_prices (ingredient_id, price, per, at)"
        f" SELECT {ingredient}, day, 1, now() + (day + day % 2) * interval '1 day'"
        f" FROM generate_series(2, {MANY}) day RETURNING id, price)"
        f" INSERT INTO price_reports (price_id, user_id) SELECT id, {user} FROM added WHERE price % 3 > 0",
        database,
    )
    return ingredient


def pages(cook: Cook, **query: object) -> list[list[int]]:
    found = []
    while True:
        response = cook.get(PATH, **query)
        assert response.status_code == 200, response.json
        found.append(response.json["ids"])
        query["cursor"] = response.json["nextCursor"]
        if query["cursor"] is None:
            return found


def test_pages_contain_every_id_once_the_newest_page_first(cook: Cook, ingredient: int) -> None:
    shown = []
    path, query = f"{INGREDIENTS}/{ingredient}/prices", {"limit": MAX_LIMIT}
    while query.get("cursor", "") is not None:
        answer = cook.get(path, **query).json
        shown = answer["items"] + shown
        query["cursor"] = answer["nextCursor"]
    own = [item["id"] for item in shown if item["price"] % 3 > 0]

    found = pages(cook, ingredient=ingredient, limit=50)

    assert [len(page) for page in found] == [50, 50, 50, len(own) - 150]
    assert [price for page in reversed(found) for price in page] == own


def test_client_of_the_previous_version_gets_the_ids_of_the_first_page_of_prices(
    cook: Cook, ingredient: int
) -> None:
    """It requests no page, and shows the latest prices."""
    answer = cook.get(PATH, ingredient=ingredient).json

    assert len(answer["ids"]) == MAX_LIMIT
    latest = cook.get(f"{INGREDIENTS}/{ingredient}/prices").json["items"]
    assert {item["id"] for item in latest if item["price"] % 3 > 0} <= set(answer["ids"])


def test_each_cook_gets_only_ids_of_that_cook(cook: Cook, ingredient: int, client: FlaskClient) -> None:
    other = Cook(client, name="다른 사람")
    price = other.post(f"{INGREDIENTS}/{ingredient}/prices", {"price": MANY, "per": 1}).json["id"]

    assert other.get(PATH, ingredient=ingredient).json == {"ids": [price], "nextCursor": None}
    assert other.get(PATH, ingredient=cook.ingredient()).json == {"ids": [], "nextCursor": None}
    assert price not in [one for page in pages(cook, ingredient=ingredient) for one in page]


def test_every_invalid_argument_is_reported(cook: Cook) -> None:
    refused = cook.get(PATH, limit=MAX_LIMIT + 1, cursor="?")

    assert refused.status_code == 422
    assert {error["parameter"] for error in refused.json["errors"]} == {"ingredient", "limit", "cursor"}
