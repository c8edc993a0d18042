"""Removal of prices, by their reporter or by an operator.

An ingredient always has a price, so its only one stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import Row, delete, select

from . import accounts, cache
from .catalogue import CatalogueError
from .cost import price_per_unit
from .models import Ingredient, IngredientPrice, PriceReport, RecipeIngredient, db
from .recipes.recosting import recost


def latest(ingredient_id: int) -> Row | None:
    """The current price; None if there is none."""
    query = select(IngredientPrice.price, IngredientPrice.per).where(
        IngredientPrice.ingredient_id == ingredient_id
    )
    newest = query.order_by(IngredientPrice.at.desc(), IngredientPrice.id.desc()).limit(1)
    return db.session.execute(newest).one_or_none()


def remove_from(ingredient: Ingredient, price_ids: Collection[int]) -> bool:
    """Remove prices of a locked ingredient, and update all derived values, without a commit.

    Returns False and removes nothing if the ingredient would have no price left.
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


def remove(price_ids: Collection[int]) -> int:
    """Remove these prices and return their number; an error lists all that can't be removed, with reasons."""
    known = set(db.session.scalars(select(IngredientPrice.id).where(IngredientPrice.id.in_(price_ids))))
    reasons = []
    if unknown := sorted(set(price_ids) - known):
        reasons.append(f"there is no price {', '.join(map(str, unknown))}")
    for ingredient, ids in _locked_with(known):
        if not remove_from(ingredient, ids):
            reasons.append(f"{ingredient.name!r} (id {ingredient.id}) would have no price left")
    if reasons:
        db.session.rollback()
        raise CatalogueError("; ".join(reasons))
    db.session.commit()
    return len(known)


def remove_of(email: str) -> tuple[int, list[tuple[Ingredient, int]]]:
    """Remove the prices that an account reported, and return their number.

    Also returns the number of prices that stay, by ingredient, because the ingredient has no other price.
    """
    user = accounts.find(email)
    if user is None:
        raise CatalogueError(f"there is no account {email!r}")
    removed, kept = 0, []
    reported = db.session.scalars(select(PriceReport.price_id).where(PriceReport.user_id == user.id))
    for ingredient, ids in _locked_with(set(reported)):
        if remove_from(ingredient, ids):
            removed += len(ids)
        else:
            kept.append((ingredient, len(ids)))
    db.session.commit()
    return removed, kept


def _locked_with(price_ids: Collection[int]) -> Iterator[tuple[Ingredient, list[int]]]:
    """The ingredients of prices, each with its prices; all are locked, in the order of their ids."""
    rows = db.session.execute(
        select(IngredientPrice.id, IngredientPrice.ingredient_id).where(IngredientPrice.id.in_(price_ids))
    )
    by_ingredient = defaultdict(list)
    for row in rows:
        by_ingredient[row.ingredient_id].append(row.id)
    query = select(Ingredient).where(Ingredient.id.in_(by_ingredient)).order_by(Ingredient.id)
    for ingredient in db.session.scalars(query.with_for_update(key_share=True)).all():
        yield ingredient, by_ingredient[ingredient.id]
