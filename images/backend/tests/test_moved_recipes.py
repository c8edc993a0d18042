"""The recipes whose cost a price changed, and by how much."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from cooking import INGREDIENTS, RECIPES, Cook
from flask import Flask
from flask.testing import FlaskClient
from servers import Postgres
from statement_count import counted

from app.cost import cost_of, won
from app.recipes.movement import MOST
from app.units import Sale, amount


def report(cook: Cook, ingredient: int, price: int, per: float = 1) -> str:
    """Report a price, and return the path of the recipes that it moved."""
    path = f"{INGREDIENTS}/{ingredient}/prices"
    response = cook.post(path, {"price": price, "per": per, "confirm": True})
    assert response.status_code == 201, response.json
    return f"{path}/{response.json['id']}/moved-recipes"


def line(ingredient: int, quantity: float, unit: str = "g") -> dict:
    return {"ingredientId": ingredient, "quantity": quantity, "unit": unit}


def save(cook: Cook, *lines: dict, **changes: object) -> dict:
    response = cook.save({**cook.content(**changes), "ingredients": list(lines)})
    assert response.status_code == 201, response.json
    return response.json


def test_largest_change_per_serving_is_first_with_both_costs(cook: Cook, client: FlaskClient) -> None:
    kimchi, rice = cook.ingredient("g", 10, 1), cook.ingredient("g", 5, 1)
    much = save(cook, line(kimchi, 300), line(rice, 100), title="많이", servings=2)
    most = save(cook, line(kimchi, 100), line(kimchi, 0.1, "kg"), title="가장 많이")
    save(cook, line(rice, 100), title="없음")
    save(cook, line(kimchi, 0, "little"), line(rice, 1), title="조금")

    moved = client.get(report(cook, kimchi, 12))

    assert moved.status_code == 200
    assert moved.json == {
        "items": [
            {
                "id": most["id"],
                "title": "가장 많이",
                "costPerMealBefore": 2000,
                "costPerMeal": 2400,
                "difference": 400,
            },
            {
                "id": much["id"],
                "title": "많이",
                "costPerMealBefore": 1750,
                "costPerMeal": 2050,
                "difference": 300,
            },
        ],
        "total": 2,
    }
    assert cook.get(f"{RECIPES}/{much['id']}").json["costPerMeal"] == 2050


def test_difference_of_a_cheaper_recipe_is_negative(cook: Cook) -> None:
    kimchi = cook.ingredient("g", 10, 1)
    save(cook, line(kimchi, 1), title="하나")
    save(cook, line(kimchi, 9), title="아홉")

    items = cook.get(report(cook, kimchi, 7)).json["items"]

    assert [(item["title"], item["difference"]) for item in items] == [("아홉", -27), ("하나", -3)]


@pytest.mark.parametrize(("price", "per"), [(10, 1), (100, 10), (5, 0.5)])
def test_same_unit_price_of_another_pack_moves_no_recipe(cook: Cook, price: int, per: float) -> None:
    kimchi = cook.ingredient("g", 10, 1)
    save(cook, line(kimchi, 100))

    assert cook.get(report(cook, kimchi, price, per)).json == {"items": [], "total": 0}


def test_first_price_moves_no_recipe(cook: Cook) -> None:
    kimchi = cook.ingredient("g", 10, 1)
    save(cook, line(kimchi, 100))
    [first] = cook.get(f"{INGREDIENTS}/{kimchi}/prices").json["items"]

    path = f"{INGREDIENTS}/{kimchi}/prices/{first['id']}/moved-recipes"
    assert cook.get(path).json == {"items": [], "total": 0}


def test_change_of_less_than_one_won_is_counted_but_not_listed(cook: Cook) -> None:
    kimchi = cook.ingredient("g", 100, 1)
    save(cook, line(kimchi, 0.001))

    assert cook.get(report(cook, kimchi, 101)).json == {"items": [], "total": 1}


def test_change_of_an_earlier_price_is_from_its_previous_price(cook: Cook) -> None:
    kimchi = cook.ingredient("g", 10, 1)
    save(cook, line(kimchi, 100), title="김치전")
    earlier = report(cook, kimchi, 12)
    cook.get(earlier)
    later = report(cook, kimchi, 9)

    for path, costs in ((earlier, (1000, 1200, 200)), (later, (1200, 900, -300))):
        [item] = cook.get(path).json["items"]
        assert (item["costPerMealBefore"], item["costPerMeal"], item["difference"]) == costs


def test_withdrawn_price_and_price_of_another_ingredient_are_not_found(cook: Cook) -> None:
    kimchi, rice = cook.ingredient("g", 10, 1), cook.ingredient("g", 5, 1)
    path = report(cook, kimchi, 12)
    price = path.split("/")[-2]

    other = cook.get(f"{INGREDIENTS}/{rice}/prices/{price}/moved-recipes")
    assert cook.delete(f"{INGREDIENTS}/{kimchi}/prices/{price}").status_code == 204
    for response in (other, cook.get(path)):
        assert response.status_code == 404
        assert response.json["type"] == "urn:hankki:problem:price-not-found"


@pytest.mark.parametrize("sold_by", ["g", "ml"])
def test_costs_equal_exact_fractions(cook: Cook, sold_by: str) -> None:
    """In all units, with halves of a won, and with spoons of an ingredient sold by weight."""
    dice = random.Random(sold_by)  # noqa: S311 - the same recipes in each run, no secret
    ingredient = cook.ingredient(sold_by, 7, 6)
    assert cook.put(f"{INGREDIENTS}/{ingredient}/tablespoon", {"grams": 7.333}).status_code == 200
    rice = cook.ingredient("g", 1, 3)
    sale = Sale(sold_by, Fraction("7.333"))
    expected = {}
    for number in range(MOST - 1):
        quantity, unit = (
            dice.choice([1, 1.5, 333.333]),
            ("g", "kg", "ml", "l", "tsp", "tbsp", "cup")[number % 7],
        )
        servings = dice.choice([1, 2, 3, 7])
        recipe = save(cook, line(ingredient, quantity, unit), line(rice, 1), servings=servings)
        used = amount("x", Fraction(str(quantity)), unit, sale)
        before, after = (
            won((cost_of(used, price, per) + Fraction(1, 3)) / servings)
            for price, per in ((7, 6), (8, Fraction("6.5")))
        )
        if before != after:
            expected[recipe["id"]] = (before, after, after - before)

    items = cook.get(report(cook, ingredient, 8, 6.5)).json["items"]

    shown = {
        item["id"]: (item["costPerMealBefore"], item["costPerMeal"], item["difference"]) for item in items
    }
    assert shown == expected
    changes = [abs(item["difference"]) for item in items]
    assert changes == sorted(changes, reverse=True)


def test_response_reads_few_of_thousands_of_recipes(
    app: Flask, cook: Cook, postgres: Postgres, database: str
) -> None:
    ingredient, other = cook.ingredient("g", 10, 1), cook.ingredient("g", 1, 3)
    many = 3000
    postgres.execute(
        "INSERT INTO recipes (title, summary, servings, cook_minutes, tags)"
        f" SELECT 'dish ' || n, '', 1, 10, '{{many}}' FROM generate_series(1, {many}) n;"
        "INSERT INTO recipe_ingredients (recipe_id, position, ingredient_id, quantity, unit)"
        f" SELECT id, line, CASE line WHEN 1 THEN {ingredient} ELSE {other} END,"
        " substr(title, 6)::int, 'g' FROM recipes, generate_series(1, 10) line WHERE tags = '{many}'",
        database,
    )
    path = report(cook, ingredient, 11)

    with counted(app) as count:
        moved = cook.get(path).json

    assert moved["total"] == many
    assert [item["title"] for item in moved["items"]] == [f"dish {many - n}" for n in range(MOST)]
    assert [item["difference"] for item in moved["items"]] == [many - n for n in range(MOST)]
    assert count.statements <= 4
    assert count.rows <= MOST * (1 + 10) + 2
