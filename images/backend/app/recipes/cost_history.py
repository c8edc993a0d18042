"""How prices moved what a meal costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from ..cost import cost_per_meal
from ..models import Ingredient, IngredientPrice, Recipe, RecipeIngredient, db
from . import current
from .detail import not_found


def cost_history(recipe_id: int) -> list[dict[str, Any]]:
    """What a meal cost at first and after each price change, with the quantities of today, oldest first.

    It begins at the oldest price known of any ingredient. Where another's first price came later, it is
    taken to have been the same before.
    """
    servings = db.session.scalar(select(Recipe.servings).where(Recipe.id == recipe_id))
    if servings is None:
        raise not_found(recipe_id)
    return list(_points(servings, _quantities(recipe_id)))


def _quantities(recipe_id: int) -> dict[int, Fraction]:
    """How much of each ingredient, in its base unit."""
    quantities: dict[int, Fraction] = defaultdict(Fraction)
    for line in current.lines(RecipeIngredient.recipe_id == recipe_id):
        quantities[line.ingredient_id] += current.amount(line)
    return quantities


def _points(servings: int, quantities: dict[int, Fraction]) -> Iterator[dict[str, Any]]:
    prices = db.session.execute(
        select(Ingredient.id, Ingredient.name, IngredientPrice.price, IngredientPrice.per, IngredientPrice.at)
        .join(Ingredient, Ingredient.id == IngredientPrice.ingredient_id)
        .where(Ingredient.id.in_(quantities))
        .order_by(IngredientPrice.at, IngredientPrice.id)
    ).all()
    costs: dict[int, Fraction] = {}
    changes = []
    for price in prices:
        cost = quantities[price.id] * price.price / Fraction(price.per)
        if price.id in costs:
            changes.append((price, cost))
        else:
            costs[price.id] = cost
    if prices:
        yield {
            "at": prices[0].at,
            "cost_per_meal": cost_per_meal(costs.values(), servings),
            "ingredient": None,
        }
    for price, cost in changes:
        costs[price.id] = cost
        yield {
            "at": price.at,
            "cost_per_meal": cost_per_meal(costs.values(), servings),
            "ingredient": {"id": price.id, "name": price.name},
        }
