"""The ids of favourites, in pages: their number has no limit."""

from __future__ import annotations

import pytest
from cooking import Cook
from flask.testing import FlaskClient
from servers import Postgres

from app.api.own_recipes import MAX_IDS

FAVOURITES = "/api/v1/me/favourites"
IDS = f"{FAVOURITES}/ids"
MANY = MAX_IDS + 200


@pytest.fixture
def favourites(cook: Cook, postgres: Postgres, database: str) -> list[int]:
    """The ids of MANY favourites, last added first."""
    user = cook.get("/api/v1/me").json["id"]
    postgres.execute(
        "WITH added AS (INSERT INTO recipes (title, summary, servings, cook_minutes, cost_per_meal, tags)"
        f" SELECT '요리', '', 2, 10, 0, '{{}}' FROM generate_series(1, {MANY}) RETURNING id)"
        f" INSERT INTO favourites (user_id, recipe_id) SELECT {user}, id FROM added ORDER BY id % 7, id",
        database,
    )
    rows = postgres.execute(
        f"SELECT recipe_id FROM favourites WHERE user_id = {user} ORDER BY id DESC", database
    )
    return [recipe for (recipe,) in rows]


def pages(cook: Cook, **query: object) -> list[list[int]]:
    found = []
    while query.get("cursor", "") is not None:
        answer = cook.get(IDS, **query)
        assert answer.status_code == 200, answer.json
        found.append(answer.json["ids"])
        query["cursor"] = answer.json["nextCursor"]
    return found


def test_pages_contain_every_favourite_once_in_the_order_of_the_list(
    cook: Cook, favourites: list[int]
) -> None:
    found = pages(cook, limit=500)

    assert [len(page) for page in found] == [500, 500, 200]
    assert [recipe for page in found for recipe in page] == favourites


def test_no_response_is_larger_than_a_page(cook: Cook, favourites: list[int]) -> None:
    """A page of the previous version passes no limit and no cursor."""
    assert cook.get(IDS).json["ids"] == favourites[:MAX_IDS]
    assert cook.get(IDS, limit=MAX_IDS + 1).status_code == 422


def test_cursor_stays_valid_while_favourites_change(cook: Cook, favourites: list[int]) -> None:
    first = cook.get(IDS, limit=3).json
    for recipe in (favourites[2], favourites[3]):  # the end of the page, and the start of the next one
        assert cook.delete(f"{FAVOURITES}/{recipe}").status_code == 204
    assert cook.put(f"{FAVOURITES}/{favourites[2]}").status_code == 204

    assert cook.get(IDS, limit=3, cursor=first["nextCursor"]).json["ids"] == favourites[4:7]
    assert cook.get(IDS, limit=3).json["ids"] == [favourites[2], *favourites[:2]]


def test_each_cook_has_separate_favourites(cook: Cook, favourites: list[int], client: FlaskClient) -> None:
    other = Cook(client, name="다른 사람")

    assert other.get(IDS).json == {"ids": [], "nextCursor": None}
    assert client.get(IDS).status_code == 401


def test_every_invalid_argument_is_reported(cook: Cook) -> None:
    refused = cook.get(IDS, limit=0, cursor="?")

    assert refused.status_code == 422
    assert {error["parameter"] for error in refused.json["errors"]} == {"limit", "cursor"}
    of_another_list = cook.get("/api/v1/recipes", limit=1).json["nextCursor"]
    assert cook.get(IDS, cursor=of_another_list).status_code == 422
