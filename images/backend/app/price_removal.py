"""Prices that go: taken back by who reported them, or removed by an operator.

An ingredient always has a price, so its only one stays.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Row, delete, select

from . import cache
from .cost import price_per_unit
from .models import Ingredient, IngredientPrice, RecipeIngredient, db
from .recipes.recosting import recost


def latest(ingredient_id: int) -> Row | None:
    """The price of today; None if there is none (yet)."""
    query = select(IngredientPrice.price, IngredientPrice.per).where(
        IngredientPrice.ingredient_id == ingredient_id
    )
    newest = query.order_by(IngredientPrice.at.desc(), IngredientPrice.id.desc()).limit(1)
    return db.session.execute(newest).one_or_none()


def remove_from(ingredient: Ingredient, price_ids: Collection[int]) -> bool:
    """Remove prices of a locked ingredient, and make all that follows from them anew; not committed.

    False, and nothing is removed, if the ingredient would be left without a price.
    """
    of_it = IngredientPrice.ingredient_id == ingredient.id
    others = select(IngredientPrice.id).where(of_it, IngredientPrice.id.not_in(price_ids)).limit(1)
    if db.session.scalar(others) is None:
        return False
    gone = delete(IngredientPrice).where(of_it, IngredientPrice.id.in_(price_ids))
    db.session.execute(gone.execution_options(synchronize_session=False))
    cache.clear_after_commit()
    ingredient.price_per_unit = price_per_unit(*latest(ingredient.id))
    db.session.flush()
    users = select(RecipeIngredient.recipe_id).where(RecipeIngredient.ingredient_id == ingredient.id)
    recost(db.session.scalars(users))
    return True
