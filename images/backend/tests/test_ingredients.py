"""Ingredients, their prices, and the effect of a price on the cost of meals."""

from __future__ import annotations

from datetime import datetime

import pytest
from cooking import INGREDIENTS, RECIPES, Cook, walk
from flask.testing import FlaskClient
from servers import Postgres


def test_ingredients_are_listed_in_alphabetical_order(client: FlaskClient, cook: Cook) -> None:
    items = walk(cook, INGREDIENTS, limit=7)

    names = [item["name"] for item in items]
    assert len(names) > 70
    assert names == sorted(set(names))
    facts = {"id", "name", "unit", "price", "per", "updatedAt", "aliases", "tablespoonGrams", "aisle"}
    assert set(items[0]) == facts


def test_search_finds_ingredients_by_a_part_of_the_name(client: FlaskClient) -> None:
    names = {item["name"] for item in client.get(INGREDIENTS, query_string={"q": "돼지"}).json["items"]}

    assert names == {"돼지고기 목살", "돼지고기 앞다리살"}


def test_new_ingredient_can_be_read_and_not_added_again(cook: Cook) -> None:
    body = {"name": " 달래 ", "unit": "g", "price": 2_900, "per": 80.5}

    response = cook.post(INGREDIENTS, body)

    assert response.status_code == 201
    ingredient = response.json
    assert {key: ingredient[key] for key in body} == {**body, "name": "달래"}
    assert cook.get(response.headers["Location"]).json == ingredient
    again = cook.post(INGREDIENTS, body)
    assert again.status_code == 409
    assert again.json["type"] == "urn:hankki:problem:ingredient-exists"


@pytest.mark.parametrize(
    "change",
    [
        {"price": 0}, {"price": -1}, {"price": 10_000_001}, {"price": 1.5}, {"price": "100"}, {"price": True},
        {"per": 0}, {"per": 0.05}, {"per": 1.0001}, {"per": 1_000_000.0000000002}, {"per": "1"},
        {"per": None}, {"unit": "kg"}, {"name": ""}, {"name": "x" * 51}, {"name": "김\0치"},
    ],
)  # fmt: skip
def test_invalid_ingredient_is_refused(cook: Cook, change: dict) -> None:
    response = cook.post(INGREDIENTS, {"name": "달래", "unit": "g", "price": 1, "per": 1, **change})

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json["errors"]] == [f"#/{next(iter(change))}"]


def test_new_price_becomes_the_current_price_and_old_prices_stay(
    cook: Cook, postgres: Postgres, database: str
) -> None:
    ingredient = cook.ingredient("g", 1_000, 100)

    response = cook.post(f"{INGREDIENTS}/{ingredient}/prices", {"price": 1_000, "per": 300})

    assert response.status_code == 201
    today = cook.get(f"{INGREDIENTS}/{ingredient}").json
    assert (today["price"], today["per"], today["updatedAt"]) == (1_000, 300, response.json["at"])
    history = cook.get(f"{INGREDIENTS}/{ingredient}/prices").json["items"]
    assert [(item["price"], item["per"]) for item in history] == [(1_000, 100), (1_000, 300)]
    assert history[1] == response.json
    # For code of the previous version.
    kept = f"SELECT price_per_unit::text FROM ingredients WHERE id = {ingredient}"
    assert postgres.execute(kept, database) == [("3.3333",)]


def test_unknown_ingredient_is_not_found(cook: Cook) -> None:
    for response in (
        cook.get(f"{INGREDIENTS}/999999"),
        cook.get(f"{INGREDIENTS}/999999/prices"),
        cook.post(f"{INGREDIENTS}/999999/prices", {"price": 1, "per": 1}),
        cook.get(f"{RECIPES}/999999/cost-history"),
    ):
        assert response.status_code == 404


def test_price_changes_the_cost_of_every_recipe_with_the_ingredient(cook: Cook) -> None:
    recipe = cook.recipe((100, "g", 500, 100), (2, "tbsp", 300, 30), servings=2)
    other = cook.recipe()
    [beef, oil] = [line["ingredientId"] for line in recipe["ingredients"]]

    cook.post(f"{INGREDIENTS}/{beef}/prices", {"price": 901, "per": 100})
    cook.post(f"{INGREDIENTS}/{oil}/prices", {"price": 100, "per": 30})

    after = cook.get(f"{RECIPES}/{recipe['id']}").json
    assert (recipe["costPerMeal"], after["costPerMeal"], after["totalCost"]) == (400, 501, 1001)
    assert (after["version"], after["updatedAt"]) == (recipe["version"], recipe["updatedAt"])
    listed = {item["id"]: item["costPerMeal"] for item in cook.get(RECIPES).json["items"]}
    assert (listed[recipe["id"]], listed[other["id"]]) == (501, other["costPerMeal"])
    points = cook.get(f"{RECIPES}/{recipe['id']}/cost-history").json["items"]
    assert [
        (point["costPerMeal"], point["ingredient"] and point["ingredient"]["id"]) for point in points
    ] == [
        (400, None),
        (601, beef),
        (501, oil),
    ]
    assert points == sorted(points, key=lambda point: datetime.fromisoformat(point["at"]))


def test_cost_history_ends_with_the_current_cost(client: FlaskClient) -> None:
    moved = 0
    for item in client.get(RECIPES, query_string={"limit": 100}).json["items"]:
        points = client.get(f"{RECIPES}/{item['id']}/cost-history").json["items"]
        assert points[-1]["costPerMeal"] == item["costPerMeal"]
        assert points[0]["ingredient"] is None
        moved += len(points) > 1
    assert moved > 20
