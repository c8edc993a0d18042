"""The cost of a meal over time: short, fast and correct for any number of prices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from cooking import RECIPES, Cook, Line
from servers import Postgres

from app.recipes.cost_history import MOST

GRAM: Line = (1, "g", 100, 1)
Prices = Callable[[int, str], None]


@pytest.fixture
def prices(postgres: Postgres, database: str) -> Prices:
    """Replace the prices of an ingredient, each for one gram, by SELECTs of (price, at)."""

    def replace(ingredient: int, rows: str) -> None:
        postgres.execute(f"DELETE FROM ingredient_prices WHERE ingredient_id = {ingredient}", database)
        columns = "ingredient_id, price, per, at"
        postgres.execute(
            f"INSERT INTO ingredient_prices ({columns}) SELECT {ingredient}, price, 1, at"
            f" FROM ({rows}) AS rows (price, at)",
            database,
        )

    return replace


def history(cook: Cook, recipe: dict) -> list[tuple[str, int, int | None]]:
    points = cook.get(f"{RECIPES}/{recipe['id']}/cost-history").json["items"]
    return [
        (point["at"][:10], point["costPerMeal"], point["ingredient"] and point["ingredient"]["id"])
        for point in points
    ]


def ingredients(recipe: dict) -> list[int]:
    return [line["ingredientId"] for line in recipe["ingredients"]]


def test_changes_at_one_instant_are_one_point(cook: Cook, prices: Prices) -> None:
    recipe = cook.recipe(GRAM, GRAM)
    one, other = ingredients(recipe)
    prices(one, "VALUES (100, '2026-01-01Z'::timestamptz), (150, '2026-02-01Z'), (130, '2026-03-01Z')")
    prices(other, "VALUES (100, '2026-01-01Z'::timestamptz), (30, '2026-02-01Z'), (40, '2026-02-01Z')")

    assert history(cook, recipe) == [
        ("2026-01-01", 200, None),
        ("2026-02-01", 190, None),
        ("2026-03-01", 170, one),
    ]


def test_history_begins_when_all_ingredients_had_a_price(cook: Cook, prices: Prices) -> None:
    recipe = cook.recipe(GRAM, GRAM)
    old, new = ingredients(recipe)
    prices(old, "VALUES (100, '2020-01-01Z'::timestamptz), (150, '2025-02-01Z'), (120, '2026-06-01Z')")
    prices(new, "VALUES (7, '2026-05-01Z'::timestamptz)")

    assert history(cook, recipe) == [("2026-05-01", 157, None), ("2026-06-01", 127, old)]


@pytest.mark.parametrize("changes", [MOST - 1, MOST, 10 * 365])
def test_ten_years_of_daily_prices_give_few_points_with_real_costs(
    cook: Cook, prices: Prices, changes: int
) -> None:
    recipe = cook.recipe(GRAM, GRAM, GRAM)
    daily = (
        "SELECT 100 + day, '2016-01-01Z'::timestamptz + day * interval '1 day'"
        f" FROM generate_series(0, {changes}) AS day"
    )
    steady = "VALUES (1000, '2016-01-01Z'::timestamptz)"
    for ingredient, rows in zip(ingredients(recipe), (daily, daily, steady), strict=True):
        prices(ingredient, rows)

    points = history(cook, recipe)

    assert len(points) <= MOST
    # Nearly the maximum number of points, so that the curve is visible.
    assert len(points) >= MOST / 2
    assert points[0] == ("2016-01-01", 1200, None)
    assert points[-1][1] == 1200 + 2 * changes
    first = datetime.fromisoformat("2016-01-01")
    for at, cost, _ in points:
        assert cost == 1200 + 2 * (datetime.fromisoformat(at) - first).days


def test_ingredient_that_costs_nothing_has_no_points(cook: Cook, prices: Prices) -> None:
    """약간 of an ingredient: its prices neither use up points nor delay the beginning."""
    tofu, salt = cook.ingredient(), cook.ingredient()
    lines = [
        {"ingredientId": tofu, "quantity": 1, "unit": "g"},
        {"ingredientId": salt, "quantity": 0, "unit": "little"},
    ]
    recipe = cook.save({**cook.content(), "ingredients": lines}).json
    prices(tofu, "VALUES (100, '2016-01-01Z'::timestamptz), (150, '2016-02-01Z'), (130, '2026-03-01Z')")
    prices(
        salt,
        "SELECT 100 + day, '2016-02-15Z'::timestamptz + day * interval '1 day'"
        " FROM generate_series(0, 3650) AS day",
    )

    assert history(cook, recipe) == [
        ("2016-01-01", 100, None),
        ("2016-02-01", 150, tofu),
        ("2026-03-01", 130, tofu),
    ]


def test_recipe_with_only_a_little_has_no_history(cook: Cook) -> None:
    lines = [{"ingredientId": cook.ingredient(), "quantity": 0, "unit": "little"}]
    recipe = cook.save({**cook.content(), "ingredients": lines}).json

    assert history(cook, recipe) == []


def test_rare_change_among_daily_changes_is_in_the_history(cook: Cook, prices: Prices) -> None:
    recipe = cook.recipe(GRAM)
    [ingredient] = ingredients(recipe)
    prices(
        ingredient,
        "SELECT 100, '2016-01-01Z'::timestamptz + day * interval '1 day' FROM generate_series(0, 3650) AS day"
        " UNION ALL VALUES (70, '2026-11-01Z'::timestamptz)",
    )

    points = history(cook, recipe)

    assert points[-1] == ("2026-11-01", 70, ingredient)
    assert {cost for _, cost, _ in points[:-1]} == {100}
