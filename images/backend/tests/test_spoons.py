"""Spoons and cups of ingredients sold by weight, and "a little" of any ingredient."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from cooking import INGREDIENTS, RECIPES, Cook, walk
from servers import Postgres

from app.cost import cost_of, cost_per_meal, won
from app.units import Sale, amount

LIST = "/api/v1/shopping-list"


def flakes(cook: Cook, grams: float | None = 8, unit: str = "g") -> int:
    """An ingredient that costs 16,500 won for 500 g (or ml)."""
    ingredient = cook.ingredient(unit, 16_500, 500)
    if grams is not None:
        assert weigh(cook, ingredient, grams).status_code == 200
    return ingredient


def weigh(cook: Cook, ingredient: int, grams: object):
    return cook.put(f"{INGREDIENTS}/{ingredient}/tablespoon", {"grams": grams})


def line(ingredient: int, quantity: float, unit: str) -> dict:
    return {"ingredientId": ingredient, "quantity": quantity, "unit": unit}


def recipe_of(cook: Cook, *lines: dict, **changes: object) -> dict:
    response = cook.save({**cook.content(**changes), "ingredients": list(lines)})
    assert response.status_code == 201, response.json
    return response.json


@pytest.mark.parametrize(
    ("quantity", "unit", "cost"),
    [(2, "tbsp", 528), (1, "tsp", 88), (0.5, "cup", 1760), (15, "ml", 264), (0.03, "l", 528), (8, "g", 264)],
)
def test_volume_of_an_ingredient_sold_by_weight_is_priced(
    cook: Cook, quantity: float, unit: str, cost: int
) -> None:
    recipe = recipe_of(cook, line(flakes(cook), quantity, unit))

    [shown] = cook.get(f"{RECIPES}/{recipe['id']}").json["ingredients"]
    assert (shown["quantity"], shown["unit"], shown["cost"]) == (quantity, unit, cost)
    assert (shown["price"], shown["per"], shown["priceUnit"], shown["tablespoonGrams"]) == (
        16_500,
        500,
        "g",
        8,
    )
    body = {"servings": 1, "ingredients": [{key: shown[key] for key in ("ingredientId", "quantity", "unit")}]}
    assert cook.post(f"{RECIPES}/cost", body).json["totalCost"] == recipe["totalCost"] == cost
    assert cook.get(f"{RECIPES}/{recipe['id']}/cost-history").json["items"][0]["costPerMeal"] == cost


def test_weight_of_an_ingredient_sold_by_volume_is_priced(cook: Cook) -> None:
    recipe = recipe_of(cook, line(flakes(cook, 20, unit="ml"), 0.04, "kg"))

    assert recipe["totalCost"] == 990  # 40 g are two spoons, so 30 ml


def test_line_without_a_known_weight_is_refused_with_the_reason(cook: Cook) -> None:
    unknown, known = flakes(cook, None), flakes(cook)
    lines = [line(known, 1, "cup"), line(unknown, 1, "cup"), line(unknown, 1, "g"), line(unknown, 2, "tbsp")]

    response = cook.save({**cook.content(), "ingredients": lines})

    assert response.status_code == 422
    pointers = [error["pointer"] for error in response.json["errors"]]
    assert pointers == ["#/ingredients/1/unit", "#/ingredients/3/unit"]
    assert "the weight of a tablespoon of it is not known" in response.json["errors"][0]["detail"]


def test_a_little_costs_nothing_and_is_on_the_shopping_list(cook: Cook) -> None:
    salt, tofu, egg = cook.ingredient("g", 2_500, 1000), cook.ingredient(), cook.ingredient("piece")
    both = recipe_of(cook, line(salt, 0, "little"), line(tofu, 10, "g"), line(egg, 0, "little"))
    more = recipe_of(cook, line(tofu, 0, "little"), line(egg, 2, "piece"))

    assert (both["totalCost"], more["totalCost"]) == (1000, 200)
    assert [(shown["quantity"], shown["unit"], shown["cost"]) for shown in both["ingredients"]] == [
        (0, "little", 0), (10, "g", 1000), (0, "little", 0)]  # fmt: skip
    bought = cook.get(LIST, recipe=[f"{both['id']}:2", f"{more['id']}:1"]).json
    items = {
        item["ingredientId"]: (item["quantity"], item["cost"], item["aLittle"]) for item in bought["items"]
    }
    assert items == {salt: (0, 0, True), tofu: (20, 2000, True), egg: (2, 200, True)}
    assert bought["total"] == 2200
    [alone] = cook.get(LIST, recipe=[f"{recipe_of(cook, line(salt, 5, 'g'))['id']}:1"]).json["items"]
    assert alone["aLittle"] is False


def test_recipe_with_only_a_little_costs_nothing_at_any_price(cook: Cook) -> None:
    salt = cook.ingredient()
    recipe = recipe_of(cook, line(salt, 0, "little"))

    report = {"price": 5, "per": 1, "confirm": True}
    assert cook.post(f"{INGREDIENTS}/{salt}/prices", report).status_code == 201

    assert [item["costPerMeal"] for item in walk(cook, RECIPES, ingredient=salt)] == [0]
    assert cook.get(f"{RECIPES}/{recipe['id']}").json["costPerMeal"] == 0


@pytest.mark.parametrize(
    ("quantity", "unit"), [(0, "g"), (0, "cup"), (1e-10, "tbsp"), (1, "little"), (0.5, "little")]
)
def test_quantity_is_zero_exactly_for_a_little(cook: Cook, quantity: float, unit: str) -> None:
    lines = [line(flakes(cook), quantity, unit), line(flakes(cook), 1, "pint")]

    response = cook.save({**cook.content(), "ingredients": lines})

    assert response.status_code == 422
    pointers = {error["pointer"] for error in response.json["errors"]}
    assert pointers == {"#/ingredients/0/quantity", "#/ingredients/1/unit"}


@pytest.mark.parametrize("seed", range(4))
def test_price_change_recomputes_spoons_exactly(cook: Cook, seed: int) -> None:
    """With weights that are no decimal number per millilitre: a spoon of 7 g is 7/15 g per millilitre."""
    dice = random.Random(seed)  # noqa: S311 - the same recipes in each run, no secret
    sold_by, grams = dice.choice(["g", "ml"]), dice.choice([7, 12.6, 17])
    ingredient = flakes(cook, grams, sold_by)
    price, per = dice.choice([1, 35, 9_999_999]), dice.choice([0.7, 6, 500])
    expected = {}
    for _ in range(8):
        servings = dice.choice([1, 2, 3, 7])
        lines = [
            line(
                ingredient, dice.choice([1, 0.5, 3.333]), dice.choice(["g", "kg", "ml", "tsp", "tbsp", "cup"])
            )
            for _ in range(dice.randrange(1, 4))
        ] + [line(ingredient, 0, "little")]
        recipe = recipe_of(cook, *lines, servings=servings)
        sale = Sale(sold_by, Fraction(str(grams)))
        amounts = [amount("x", Fraction(str(one["quantity"])), one["unit"], sale) for one in lines]
        expected[recipe["id"]] = cost_per_meal(
            [cost_of(one, price, Fraction(str(per))) for one in amounts], servings
        )

    report = {"price": price, "per": per, "confirm": True}
    assert cook.post(f"{INGREDIENTS}/{ingredient}/prices", report).status_code == 201

    assert {
        item["id"]: item["costPerMeal"] for item in walk(cook, RECIPES, ingredient=ingredient)
    } == expected
    for recipe_id, cost in expected.items():
        assert cook.get(f"{RECIPES}/{recipe_id}").json["costPerMeal"] == cost


def test_pod_of_the_previous_version_reads_and_prices_the_amount_in_the_unit_of_sale(
    cook: Cook, postgres: Postgres, database: str
) -> None:
    """That version knows only `quantity` and `unit`, with the constraints of its schema."""
    heavy, piece = flakes(cook), cook.ingredient("piece")
    lines = [line(heavy, 2, "tbsp"), line(heavy, 1, "tsp"), line(heavy, 100_000, "cup"), line(heavy, 3, "kg"),
             line(piece, 0, "little"), line(piece, 2, "piece")]  # fmt: skip
    recipe = recipe_of(cook, *lines)

    rows = postgres.execute(
        "SELECT quantity::text, unit FROM recipe_ingredients"
        f" WHERE recipe_id = {recipe['id']} ORDER BY position",
        database,
    )

    assert rows == [("16.000", "g"), ("2.667", "g"), ("9999999.999", "g"), ("3.000", "kg"),
                    ("0.001", "piece"), ("2.000", "piece")]  # fmt: skip
    assert [(one["quantity"], one["unit"]) for one in recipe["ingredients"]] == [
        (one["quantity"], one["unit"]) for one in lines
    ]


def test_most_expensive_valid_recipe_has_a_cost(cook: Cook) -> None:
    ingredient = cook.ingredient("ml", 10_000_000, 0.1)
    assert weigh(cook, ingredient, 1).status_code == 200

    recipe = recipe_of(cook, *[line(ingredient, 100_000, "kg")] * 50)

    assert recipe["costPerMeal"] == won(Fraction(50 * 100_000 * 1000 * 15 * 10_000_000 * 10))
