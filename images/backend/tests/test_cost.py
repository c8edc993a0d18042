"""The arithmetic of money: exact for any quantity, and rounded half up once."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest
from cooking import Cook
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from servers import Postgres

from app.api.numbers import MAX_PER, MAX_PRICE, MAX_QUANTITY, MIN_PER
from app.cost import cost_of, cost_per_meal, price_per_unit, won
from app.units import UNITS, Sale, amount

FACTORS = {"g": 1, "kg": 1000, "ml": 1, "l": 1000, "tsp": 5, "tbsp": 15, "cup": 200, "piece": 1}

# A busy machine must not fail a test.
settings.register_profile("hankki", deadline=None)
settings.load_profile("hankki")

quantities = st.decimals("0.001", MAX_QUANTITY, places=3)
prices = st.integers(1, MAX_PRICE)
units = st.sampled_from([str(unit) for unit in UNITS])
pers = st.decimals(MIN_PER, MAX_PER, places=3)
lines = st.tuples(quantities, units, prices, pers)


def line_cost(quantity: Decimal | int, unit: str, price: int, per: Decimal) -> Fraction:
    """The cost of an ingredient that is sold by the unit's own base unit."""
    return cost_of(amount("x", quantity, unit, Sale(str(UNITS[unit].base))), price, per)


@given(st.fractions(0, 10**12))
def test_costs_are_rounded_to_the_nearest_won_and_halves_up(amount: Fraction) -> None:
    rounded = won(amount)

    assert -Fraction(1, 2) < rounded - amount <= Fraction(1, 2)


@given(st.integers(0, 10**12))
def test_half_a_won_is_rounded_up_and_a_whole_won_is_unchanged(whole: int) -> None:
    assert won(Fraction(whole)) == whole
    assert won(whole + Fraction(1, 2)) == whole + 1
    assert won(whole + Fraction(1, 2) - Fraction(1, 10**30)) == whole


@given(quantities, units)
def test_unit_is_converted_by_its_factor(quantity: Decimal, unit: str) -> None:
    base = UNITS[unit].base
    assert amount("x", quantity, unit, Sale(str(base))) == Fraction(quantity) * FACTORS[unit]
    assert UNITS[base].factor == 1


@given(lines)
def test_quantity_of_one_pack_costs_the_price_of_the_pack(line: tuple) -> None:
    per, _, price, _ = line

    assert line_cost(per, "g", price, per) == price
    assert line_cost(per, "kg", price, per) == 1000 * price


@given(lines, st.integers(1, 100))
def test_cost_is_proportional_to_the_quantity(line: tuple, times: int) -> None:
    quantity, *rest = line

    assert line_cost(quantity * times, *rest) == times * line_cost(quantity, *rest)


@given(st.lists(lines, max_size=20), st.integers(1, 100), st.randoms())
def test_order_of_the_lines_does_not_change_the_cost(recipe: list, servings: int, random: object) -> None:
    costs = [line_cost(*line) for line in recipe]
    expected = cost_per_meal(costs, servings)
    random.shuffle(costs)

    assert cost_per_meal(costs, servings) == expected


@given(st.lists(lines, max_size=20), st.integers(1, 100))
def test_cost_of_all_servings_equals_the_total_except_for_rounding(recipe: list, servings: int) -> None:
    total = sum((line_cost(*line) for line in recipe), Fraction(0))

    assert abs(cost_per_meal([total], servings) * servings - total) <= Fraction(servings, 2)


@given(prices, pers)
def test_price_of_one_unit_fits_its_column(price: int, per: Decimal) -> None:
    rounded = price_per_unit(price, per)

    assert abs(Fraction(rounded) - Fraction(price) / Fraction(per)) <= Fraction(1, 20_000)
    assert 0 <= rounded < 10**12


def test_cost_of_every_sample_recipe_is_the_sum_of_its_ingredients(
    client: FlaskClient, postgres: Postgres, database: str
) -> None:
    costs = defaultdict(list)
    for recipe_id, quantity, unit, price, per in postgres.execute(
        "SELECT recipe_id, quantity, unit, price, per FROM recipe_ingredients r JOIN ("
        " SELECT DISTINCT ON (ingredient_id) * FROM ingredient_prices ORDER BY ingredient_id, at DESC"
        ") p USING (ingredient_id) ORDER BY recipe_id, position",
        database,
    ):
        costs[recipe_id].append(Fraction(quantity) * FACTORS[unit] * price / Fraction(per))

    items = client.get("/api/v1/recipes?limit=100").json["items"]

    assert len(items) == len(costs) > 30
    for item in items:
        recipe = client.get(f"/api/v1/recipes/{item['id']}").json
        total = sum(costs[item["id"]])
        assert recipe["costPerMeal"] == item["costPerMeal"] == won(total / item["servings"]), item["title"]
        assert recipe["totalCost"] == won(total)
        assert [line["cost"] for line in recipe["ingredients"]] == [won(cost) for cost in costs[item["id"]]]


def test_half_a_won_is_rounded_up(cook: Cook) -> None:
    assert cook.recipe((1, "g", 3, 1), servings=2)["costPerMeal"] == 2


def test_less_than_half_a_won_is_rounded_down(cook: Cook) -> None:
    assert cook.recipe((1, "g", 4, 1), servings=3)["costPerMeal"] == 1


def test_half_is_not_rounded_to_even(cook: Cook) -> None:
    assert cook.recipe((1, "g", 5, 1), servings=2)["costPerMeal"] == 3


def test_thirds_add_up_to_a_whole_number(cook: Cook) -> None:
    """In decimals, three times 3.5 / 3 would be slightly less than 3.5, and round to 3."""
    recipe = cook.recipe(*[(1, "g", 7, 6)] * 3)

    assert [line["cost"] for line in recipe["ingredients"]] == [1, 1, 1]
    assert recipe["costPerMeal"] == 4


def test_total_is_not_the_sum_of_rounded_lines(cook: Cook) -> None:
    recipe = cook.recipe((1, "g", 2, 5), (1, "ml", 2, 5), (1, "piece", 2, 5))

    assert [line["cost"] for line in recipe["ingredients"]] == [0, 0, 0]
    assert recipe["costPerMeal"] == 1


def test_units_convert_exactly(cook: Cook) -> None:
    recipe = cook.recipe(
        (1.5, "kg", 225, 100), (0.5, "l", 1, 1), (2, "tbsp", 7, 1), (3, "tsp", 7, 1), (2, "piece", 250, 1)
    )

    assert [line["cost"] for line in recipe["ingredients"]] == [3375, 500, 210, 105, 500]
    assert recipe["costPerMeal"] == recipe["totalCost"] == 4690


def test_large_amounts_do_not_overflow(cook: Cook) -> None:
    recipe = cook.recipe(*[(MAX_QUANTITY, "kg", MAX_PRICE, 0.1)] * 50)

    assert recipe["totalCost"] == 50 * MAX_QUANTITY * 1000 * MAX_PRICE * 10


def test_estimate_equals_the_cost_of_the_saved_recipe(client: FlaskClient, cook: Cook) -> None:
    content = cook.content((1.5, "kg", 1_650, 700), (2, "tbsp", 5_400, 900), servings=3)

    response = client.post(
        "/api/v1/recipes/cost", json={key: content[key] for key in ("servings", "ingredients")}
    )

    assert response.status_code == 200
    recipe = cook.save(content).json
    assert response.json == {
        "costPerMeal": recipe["costPerMeal"],
        "totalCost": recipe["totalCost"],
        "lines": [{"cost": line["cost"]} for line in recipe["ingredients"]],
    }


def test_line_without_a_price_is_reported_with_all_other_errors(client: FlaskClient, cook: Cook) -> None:
    content = cook.content((1, "g", 1, 1), (1, "g", 1, 1), (1, "g", 1, 1))
    content["ingredients"][0]["unit"] = "tbsp"
    content["ingredients"][2]["ingredientId"] = 999_999
    costed = {key: content[key] for key in ("servings", "ingredients")}

    for response in (cook.save(content), client.post("/api/v1/recipes/cost", json=costed)):
        assert response.status_code == 422
        assert [error["pointer"] for error in response.json["errors"]] == [
            "#/ingredients/0/unit",
            "#/ingredients/2/ingredientId",
        ]


@pytest.mark.parametrize("quantity", [0, -1, 0.0001, 100_001, "1", None, True, [], 1e400])
def test_quantity_must_be_a_small_positive_number(client: FlaskClient, cook: Cook, quantity: object) -> None:
    content = cook.content((1, "g", 1, 1))
    content["ingredients"][0]["quantity"] = quantity

    response = client.post("/api/v1/recipes/cost", json={k: content[k] for k in ("servings", "ingredients")})

    assert response.status_code == 422
    assert {error["pointer"] for error in response.json["errors"]} == {"#/ingredients/0/quantity"}


def test_binary_fraction_is_stored_as_the_decimal_number(cook: Cook) -> None:
    recipe = cook.recipe((0.1 + 0.2, "g", 10_000, 1), (1009 * 0.001, "g", 1000, 1))

    assert [line["quantity"] for line in recipe["ingredients"]] == [0.3, 1.009]
    assert recipe["totalCost"] == 3000 + 1009
