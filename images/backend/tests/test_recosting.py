"""A price change recomputes every recipe with the ingredient: exactly, and thousands in few statements."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from cooking import INGREDIENTS, RECIPES, Cook, walk
from flask import Flask
from servers import Postgres
from statement_count import counted

from app.api.numbers import MAX_PRICE, MAX_QUANTITY
from app.cost import cost_of, cost_per_meal
from app.units import Sale, amount

RECIPE_COUNT, LINES = 2000, 10
# Two thirds of the recipes have the first ingredient, and all have nine lines of the second.
MANY_RECIPES = """
INSERT INTO recipes (title, summary, servings, cook_minutes, tags)
SELECT 'dish ' || n, 'one of many', 1 + n / 3 %% 6, 10, '{many}' FROM generate_series(1, %(recipes)s) n;
INSERT INTO recipe_ingredients (recipe_id, position, ingredient_id, quantity, unit)
SELECT id, line, CASE WHEN line = 1 AND id %% 3 > 0 THEN %(first)s ELSE %(second)s END, line * 1.125, 'g'
FROM recipes, generate_series(1, %(lines)s) line WHERE tags = '{many}'
"""
HAS_FIRST = "SELECT recipe_id FROM recipe_ingredients WHERE ingredient_id = %(first)s"


def test_thousands_of_recipes_are_recomputed_in_few_statements(
    app: Flask, cook: Cook, postgres: Postgres, database: str
) -> None:
    """The API does not read their lines. One by one, the recipes took ten times as long."""
    first, second = cook.ingredient("g", 6_000, 700), cook.ingredient("g", 5, 3)
    names = {"first": first, "second": second, "recipes": RECIPE_COUNT, "lines": LINES}
    postgres.execute(MANY_RECIPES % names, database)

    with counted(app) as count:
        response = cook.post(f"{INGREDIENTS}/{first}/prices", {"price": 9_990, "per": 700})

    assert response.status_code == 201
    others = sum(cost_of(Fraction(9, 8) * line, 5, Fraction(3)) for line in range(2, LINES + 1))
    total = cost_of(Fraction(9, 8), 9_990, Fraction(700)) + others
    costs = f"SELECT servings, cost_per_meal FROM recipes WHERE id IN ({HAS_FIRST % names})"
    kept = postgres.execute(costs, database)
    assert len(kept) > RECIPE_COUNT * 0.6
    assert set(kept) == {(servings, cost_per_meal([total], servings)) for servings in range(1, 7)}
    # Recipes without the ingredient were not changed.
    others = f"tags = '{{many}}' AND id NOT IN ({HAS_FIRST % names})"
    rest = postgres.execute(f"SELECT DISTINCT cost_per_meal FROM recipes WHERE {others}", database)
    assert rest == [(0,)]
    assert count.statements < 20
    assert count.rows < 4 * len(kept)


@pytest.mark.parametrize("seed", range(6))
def test_costs_equal_exact_fractions(cook: Cook, seed: int) -> None:
    """Quantities and prices often give a cost of exactly, or nearly, half a won above a whole won."""
    dice = random.Random(seed)  # noqa: S311 - the same recipes in each run, no secret
    ingredient = cook.ingredient("g", 1, 1)
    changed = (dice.choice([1, 7, 35, MAX_PRICE]), dice.choice([0.3, 6, 7, 1.5]))
    expected = {}
    for _ in range(8):
        others = [
            (
                dice.choice([1, 0.5, 2.5, MAX_QUANTITY]),
                "g",
                dice.choice([1, 7, 3]),
                dice.choice([1, 3, 6, 0.7]),
            )
            for _ in range(dice.randrange(3))
        ]
        quantity, servings = dice.choice([1, 1.5, 3, 0.333]), dice.choice([1, 2, 3, 7])
        content = cook.content(*others, servings=servings) if others else cook.content(servings=servings)
        own = {"ingredientId": ingredient, "quantity": quantity, "unit": "kg"}
        content["ingredients"] = [*(content["ingredients"] if others else []), own]
        recipe = cook.save(content).json
        lines = [*others, (quantity, "kg", *changed)]
        costs = [
            cost_of(amount("x", exact(q), unit, Sale("g")), price, exact(per))
            for q, unit, price, per in lines
        ]
        expected[recipe["id"]] = cost_per_meal(costs, servings)

    price, per = changed
    reported = {"price": price, "per": per, "confirm": True}
    assert cook.post(f"{INGREDIENTS}/{ingredient}/prices", reported).status_code == 201

    shown = {item["id"]: item["costPerMeal"] for item in walk(cook, RECIPES, ingredient=ingredient)}
    assert shown == expected


def test_half_a_won_that_decimals_cannot_represent_is_rounded_up(app: Flask, cook: Cook) -> None:
    """Three times 7/6 of a won is exactly 3.5; in decimals it would be slightly less."""
    ingredient = cook.ingredient("g", 1, 1)
    lines = [{"ingredientId": ingredient, "quantity": 1, "unit": "g"}] * 3
    recipe = cook.save({**cook.content(), "ingredients": lines}).json

    cook.post(f"{INGREDIENTS}/{ingredient}/prices", {"price": 7, "per": 6})

    [listed] = walk(cook, RECIPES, ingredient=ingredient)
    assert listed["costPerMeal"] == cook.get(f"{RECIPES}/{recipe['id']}").json["costPerMeal"] == 4


def exact(number: float) -> Fraction:
    return Fraction(str(number))
