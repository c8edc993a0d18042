"""A price change reaches every recipe that has the ingredient: exactly, and thousands at once."""

from __future__ import annotations

import random
import time
from fractions import Fraction

import pytest
from cooking import INGREDIENTS, RECIPES, Cook, walk
from flask import Flask
from servers import Postgres

from app.api.numbers import MAX_PRICE, MAX_QUANTITY
from app.cost import cost_of, cost_per_meal
from app.units import Sale, amount

RECIPE_COUNT, LINES = 10_000, 10
# Two thirds of the recipes have the first ingredient.
MANY_RECIPES = f"""
INSERT INTO recipes (title, summary, servings, cook_minutes, tags)
SELECT 'dish ' || n, 'one of many', 1 + n % 6, 10, '{{many}}' FROM generate_series(1, {RECIPE_COUNT}) n;
INSERT INTO recipe_ingredients (recipe_id, position, ingredient_id, quantity, unit)
SELECT id, line, CASE WHEN line = 1 AND id % 3 > 0 THEN 1 ELSE 2 + (id * 7 + line * 11) % 40 END,
  line * 1.125, 'g'
FROM recipes, generate_series(1, {LINES}) line WHERE tags = '{{many}}';
ANALYZE
"""


def test_thousands_of_recipes_are_recomputed_at_once(cook: Cook, postgres: Postgres, database: str) -> None:
    for statement in MANY_RECIPES.split(";"):
        postgres.execute(statement, database)
    price = {"price": 9_990, "per": 700}

    began = time.monotonic()
    response = cook.post(f"{INGREDIENTS}/1/prices", price)
    seconds = time.monotonic() - began

    assert response.status_code == 201
    # It takes half a second; this machine may be busy with other things. One by one it took six.
    assert seconds < 3
    ((changed,),) = postgres.execute(
        "SELECT count(*) FROM recipes WHERE tags = '{many}' AND cost_per_meal > 0", database
    )
    assert changed > RECIPE_COUNT * 0.6
    newest = cook.get(RECIPES, tag="many").json["items"]
    dish = next(item for item in newest if item["costPerMeal"])
    assert cook.get(f"{RECIPES}/{dish['id']}").json["costPerMeal"] == dish["costPerMeal"]


@pytest.mark.parametrize("seed", range(6))
def test_costs_are_those_of_exact_fractions(cook: Cook, seed: int) -> None:
    """Quantities and prices whose meals often cost half a won more than a whole number, or nearly so."""
    dice = random.Random(seed)  # noqa: S311 - the same dishes in each run, no secret
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


def test_half_a_won_that_decimals_can_not_tell_is_rounded_up(app: Flask, cook: Cook) -> None:
    """Three times 7/6 of a won is 3.5 exactly; in decimals it would be a hair less."""
    ingredient = cook.ingredient("g", 1, 1)
    lines = [{"ingredientId": ingredient, "quantity": 1, "unit": "g"}] * 3
    recipe = cook.save({**cook.content(), "ingredients": lines}).json

    cook.post(f"{INGREDIENTS}/{ingredient}/prices", {"price": 7, "per": 6})

    [listed] = walk(cook, RECIPES, ingredient=ingredient)
    assert listed["costPerMeal"] == cook.get(f"{RECIPES}/{recipe['id']}").json["costPerMeal"] == 4


def exact(number: float) -> Fraction:
    return Fraction(str(number))
