"""The effect of an ingredient's new price on the cost of meals.

A price moves each meal by the same amount for the same quantity. So the meals that moved most are those with
most of the ingredient. PostgreSQL finds them in the lines of that ingredient, and only they are priced.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select, tuple_

from ..cost import cost_of, won
from ..models import Ingredient, IngredientPrice, Recipe, RecipeIngredient, db
from ..problems import Problem
from ..units import Sale, Unit, UnitError, amount
from . import current

# The maximum number of recipes in a response.
MOST = 10


def moved_by(ingredient_id: int, price_id: int) -> dict[str, Any]:
    """The recipes whose cost per serving a price changed, the largest change first, at most MOST.

    The change is from the ingredient's previous price to this price, with all other prices as they are today.
    Without a previous price the list is empty. `total` counts the recipes whose exact cost changed; `items`
    omits those whose cost in whole won did not.
    """
    after = _price(ingredient_id, price_id)
    before = _price_before(ingredient_id, after)
    if before is None or _unit_price(before) == _unit_price(after):
        return {"items": [], "total": 0}
    recipes = _with_most_of(ingredient_id, after)
    costs = _costs(ingredient_id, [recipe.id for recipe in recipes], (before, after))
    items = []
    for recipe in recipes:
        was, is_now = (won(cost / recipe.servings) for cost in costs[recipe.id])
        if was != is_now:
            items.append(
                {
                    "id": recipe.id,
                    "title": recipe.title,
                    "cost_per_meal_before": was,
                    "cost_per_meal": is_now,
                    "difference": is_now - was,
                }
            )
    # Rounding may change the order of two differences.
    items.sort(key=lambda item: -abs(item["difference"]))
    return {"items": items, "total": recipes[0].total if recipes else 0}


def _price(ingredient_id: int, price_id: int) -> Row:
    query = select(*_PRICE, Ingredient.name, Ingredient.unit, Ingredient.tablespoon_grams).join(
        Ingredient, Ingredient.id == IngredientPrice.ingredient_id
    )
    found = db.session.execute(
        query.where(IngredientPrice.id == price_id, IngredientPrice.ingredient_id == ingredient_id)
    ).one_or_none()
    if found is None:
        raise Problem(404, "price-not-found", f"Ingredient {ingredient_id} has no price {price_id}.")
    return found


def _price_before(ingredient_id: int, price: Row) -> Row | None:
    age = IngredientPrice.at, IngredientPrice.id
    earlier = select(*_PRICE).where(
        IngredientPrice.ingredient_id == ingredient_id, tuple_(*age) < tuple_(price.at, price.id)
    )
    newest_first = earlier.order_by(*(column.desc() for column in age))
    return db.session.execute(newest_first.limit(1)).one_or_none()


def _with_most_of(ingredient_id: int, ingredient: Row) -> list[Row]:
    """The recipes with the most of an ingredient per serving, each with the `total` of such recipes."""
    quantity = func.sum(RecipeIngredient.chosen_quantity * _factor(ingredient))
    query = (
        select(Recipe.id, Recipe.title, Recipe.servings, func.count().over().label("total"))
        .join(RecipeIngredient, RecipeIngredient.recipe_id == Recipe.id)
        .where(RecipeIngredient.ingredient_id == ingredient_id)
        .group_by(Recipe.id)
        .having(quantity > 0)
        .order_by((quantity / Recipe.servings).desc(), Recipe.id)
    )
    return list(db.session.execute(query.limit(MOST)))


def _factor(ingredient: Row) -> ColumnElement[Decimal]:
    """The factor from a line's unit to the unit of sale, with enough decimals to sort by."""
    factors = {}
    for unit in Unit:
        try:
            one = amount(
                ingredient.name, Decimal(1), unit, Sale(ingredient.unit, ingredient.tablespoon_grams)
            )
        except UnitError:  # no line has this unit
            continue
        factors[str(unit)] = Decimal(one.numerator) / one.denominator
    return case(factors, value=RecipeIngredient.chosen_unit, else_=Decimal(0))


def _costs(ingredient_id: int, recipe_ids: list[int], prices: tuple[Row, ...]) -> dict[int, list[Fraction]]:
    """The exact cost of each recipe at each of the ingredient's prices."""
    costs = defaultdict(lambda: [Fraction(0)] * len(prices))
    for line in current.lines(RecipeIngredient.recipe_id.in_(recipe_ids)):
        quantity, is_it = current.amount(line), line.ingredient_id == ingredient_id
        added = (
            cost_of(quantity, paid.price, paid.per) for paid in (price if is_it else line for price in prices)
        )
        costs[line.recipe_id] = [cost + more for cost, more in zip(costs[line.recipe_id], added, strict=True)]
    return costs


def _unit_price(price: Row) -> Fraction:
    return Fraction(price.price) / Fraction(price.per)


_PRICE = IngredientPrice.id, IngredientPrice.at, IngredientPrice.price, IngredientPrice.per
