"""The ingredients of a recipe that is being written: checked, and priced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, select, true

from ..cost import cost_of, cost_per_meal, won
from ..models import Ingredient, db
from ..problems import Problem
from ..units import Sale, UnitError, amount
from .current import LATEST_PRICE

Line = Mapping[str, Any]


def estimate(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """The cost of a recipe with these `servings` and `ingredients`."""
    lines = recipe["ingredients"]
    prices = priced_ingredients(lines)
    costs = [_cost(line, prices[line["ingredient_id"]]) for line in lines]
    return {
        "cost_per_meal": cost_per_meal(costs, recipe["servings"]),
        "total_cost": won(sum(costs, Fraction(0))),
        "lines": [{"cost": won(cost)} for cost in costs],
    }


def priced_ingredients(lines: list[Line]) -> dict[int, Row]:
    """The ingredients of the lines by id, or an error that names every line that can't be priced."""
    ids = {line["ingredient_id"] for line in lines}
    query = select(
        Ingredient.id,
        Ingredient.name,
        Ingredient.unit,
        Ingredient.tablespoon_grams,
        LATEST_PRICE.c.price,
        LATEST_PRICE.c.per,
    )
    rows = db.session.execute(
        query.select_from(Ingredient).join(LATEST_PRICE, true()).where(Ingredient.id.in_(ids))
    )
    found = {row.id: row for row in rows}
    errors = list(_errors(lines, found))
    if errors:
        raise Problem(422, "invalid-input", "The input is not valid.", errors=errors)
    return found


def _cost(line: Line, ingredient: Row) -> Fraction:
    return cost_of(_amount(line, ingredient), ingredient.price, ingredient.per)


def _amount(line: Line, ingredient: Row) -> Fraction:
    sale = Sale(ingredient.unit, ingredient.tablespoon_grams)
    return amount(ingredient.name, line["quantity"], line["unit"], sale)


def _errors(lines: list[Line], found: Mapping[int, Row]) -> Iterator[dict[str, str]]:
    for position, line in enumerate(lines):
        ingredient = found.get(line["ingredient_id"])
        pointer = f"#/ingredients/{position}"
        if ingredient is None:
            detail = f"There is no ingredient {line['ingredient_id']}."
            yield {"pointer": f"{pointer}/ingredientId", "detail": detail}
            continue
        try:
            _amount(line, ingredient)
        except UnitError as error:
            yield {"pointer": f"{pointer}/unit", "detail": str(error)}
