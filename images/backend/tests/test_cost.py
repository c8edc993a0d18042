"""The arithmetic of money, against fractions worked out by Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask
from flask.testing import FlaskClient
from servers import Postgres

from app.models import Ingredient, Recipe, RecipeIngredient, db

FACTORS = {"g": 1, "kg": 1000, "ml": 1, "l": 1000, "tsp": 5, "tbsp": 15, "piece": 1}


def half_up(amount: Fraction) -> int:
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def test_every_sample_recipe_costs_what_its_ingredients_cost(
    client: FlaskClient, postgres: Postgres, database: str
) -> None:
    lines = defaultdict(list)
    for recipe_id, quantity, unit, price in postgres.execute(
        "SELECT recipe_id, quantity, r.unit, price_per_unit FROM recipe_ingredients r"
        " JOIN ingredients i ON i.id = r.ingredient_id ORDER BY recipe_id, position",
        database,
    ):
        lines[recipe_id].append(Fraction(quantity) * FACTORS[unit] * Fraction(price))

    items = client.get("/api/v1/recipes?limit=100").json["items"]

    assert len(items) == len(lines) > 30
    for item in items:
        recipe = client.get(f"/api/v1/recipes/{item['id']}").json
        expected = half_up(sum(lines[item["id"]]) / item["servings"])
        assert recipe["costPerMeal"] == item["costPerMeal"] == expected, item["title"]
        assert [line["cost"] for line in recipe["ingredients"]] == [half_up(x) for x in lines[item["id"]]]


@pytest.fixture
def cook(app: Flask, client: FlaskClient) -> Callable[..., dict]:
    """Put a recipe into the database and read it by the API; a line is (quantity, unit, base, price)."""

    def cook(servings: int, *lines: tuple[str, str, str, str]) -> dict:
        with app.app_context():
            recipe = Recipe(title="시험", summary="", servings=servings, cook_minutes=1)
            for position, (quantity, unit, base, price) in enumerate(lines, start=1):
                ingredient = Ingredient(name=f"재료 {position}", unit=base, price_per_unit=Decimal(price))
                recipe.ingredients.append(
                    RecipeIngredient(
                        position=position, ingredient=ingredient, quantity=Decimal(quantity), unit=unit
                    )
                )
            db.session.add(recipe)
            db.session.commit()
            return client.get(f"/api/v1/recipes/{recipe.id}").json

    return cook


def test_half_a_won_is_rounded_up(cook: Callable[..., dict]) -> None:
    assert cook(2, ("1", "g", "g", "3"))["costPerMeal"] == 2


def test_less_than_half_a_won_is_rounded_down(cook: Callable[..., dict]) -> None:
    assert cook(3, ("1", "g", "g", "4"))["costPerMeal"] == 1


def test_half_is_not_rounded_to_even(cook: Callable[..., dict]) -> None:
    assert cook(2, ("1", "g", "g", "5"))["costPerMeal"] == 3


def test_total_is_not_made_of_rounded_lines(cook: Callable[..., dict]) -> None:
    recipe = cook(1, ("1", "g", "g", "0.4"), ("1", "ml", "ml", "0.4"), ("1", "piece", "piece", "0.4"))

    assert [line["cost"] for line in recipe["ingredients"]] == [0, 0, 0]
    assert recipe["costPerMeal"] == 1


def test_units_convert_exactly(cook: Callable[..., dict]) -> None:
    recipe = cook(
        1,
        ("1.5", "kg", "g", "2.25"),
        ("0.5", "l", "ml", "1"),
        ("2", "tbsp", "ml", "7"),
        ("3", "tsp", "ml", "7"),
        ("2", "piece", "piece", "250"),
    )

    assert [line["cost"] for line in recipe["ingredients"]] == [3375, 500, 210, 105, 500]
    assert recipe["costPerMeal"] == 4690


def test_recipe_without_ingredients_costs_nothing(cook: Callable[..., dict]) -> None:
    assert cook(4)["costPerMeal"] == 0


def test_large_amounts_do_not_overflow(cook: Callable[..., dict]) -> None:
    assert cook(1, ("9999999", "kg", "g", "99999999"))["costPerMeal"] == 9999999 * 1000 * 99999999


def test_quantity_that_has_no_price_is_refused(cook: Callable[..., dict]) -> None:
    with pytest.raises(
        ValueError, match="재료 1: a quantity in 'tbsp' can't be priced, its price is per 'g'"
    ):
        cook(1, ("1", "tbsp", "g", "1"))
