"""The lines of recipes with current prices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy import ColumnElement, Row, select, true

from ..cost import cost_of
from ..models import Ingredient, IngredientPrice, RecipeIngredient, db
from ..units import Sale
from ..units import amount as exact_amount

# The latest price of the Ingredient of the enclosing query.
LATEST_PRICE = (
    select(IngredientPrice.price, IngredientPrice.per, IngredientPrice.at)
    .where(IngredientPrice.ingredient_id == Ingredient.id)
    .order_by(IngredientPrice.at.desc(), IngredientPrice.id.desc())
    .limit(1)
    .lateral("latest_price")
)


def lines(*conditions: ColumnElement[bool]) -> Sequence[Row]:
    """The lines of the recipes that meet the conditions, by recipe id, each recipe's in its own order."""
    return db.session.execute(
        select(
            RecipeIngredient.recipe_id,
            RecipeIngredient.ingredient_id,
            Ingredient.name,
            RecipeIngredient.chosen_quantity.label("quantity"),
            RecipeIngredient.chosen_unit.label("unit"),
            LATEST_PRICE.c.price,
            LATEST_PRICE.c.per,
            Ingredient.unit.label("price_unit"),
            Ingredient.tablespoon_grams,
            Ingredient.aisle,
        )
        .select_from(RecipeIngredient)
        .join(RecipeIngredient.ingredient)
        .join(LATEST_PRICE, true())
        .where(*conditions)
        .order_by(RecipeIngredient.recipe_id, RecipeIngredient.position)
    ).all()


def amount(line: Row) -> Fraction:
    """The amount of a line in the unit of sale of its ingredient."""
    return exact_amount(line.name, line.quantity, line.unit, Sale(line.price_unit, line.tablespoon_grams))


def cost(line: Row) -> Fraction:
    return cost_of(amount(line), line.price, line.per)
