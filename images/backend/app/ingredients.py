"""Ingredients and the history of their prices."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, select, true
from sqlalchemy.exc import IntegrityError

from .cost import price_per_unit
from .models import Ingredient, IngredientPrice, RecipeIngredient, db
from .pages import Order, Place
from .problems import Problem
from .recipes.current import LATEST_PRICE
from .recipes.recosting import recost

BY_NAME = Order("name", {"name": Ingredient.name})


def list_ingredients(
    *, order: Order, after: Place | None, limit: int, q: str | None = None
) -> dict[str, Any]:
    query = _priced()
    for word in (q or "").split():
        query = query.where(Ingredient.name.icontains(word, autoescape=True))
    return order.page(query, after, limit)


def get(ingredient_id: int) -> Row:
    ingredient = db.session.execute(_priced().where(Ingredient.id == ingredient_id)).one_or_none()
    if ingredient is None:
        raise _not_found(ingredient_id)
    return ingredient


def create(*, name: str, unit: str, price: int, per: Decimal) -> Row:
    ingredient = new_ingredient(name, unit, IngredientPrice(price=price, per=per))
    db.session.add(ingredient)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Problem(409, "ingredient-exists", f"There is an ingredient {name!r} already.") from error
    created = get(ingredient.id)
    db.session.commit()
    return created


def new_ingredient(name: str, unit: str, *prices: IngredientPrice) -> Ingredient:
    """An ingredient with its prices, the oldest first."""
    latest = prices[-1]
    return Ingredient(
        name=name, unit=unit, price_per_unit=price_per_unit(latest.price, latest.per), prices=list(prices)
    )


def prices(ingredient_id: int) -> Sequence[IngredientPrice]:
    query = select(IngredientPrice).where(IngredientPrice.ingredient_id == ingredient_id)
    found = db.session.scalars(query.order_by(IngredientPrice.at, IngredientPrice.id)).all()
    if not found:
        raise _not_found(ingredient_id)
    return found


def change_price(ingredient_id: int, *, price: int, per: Decimal) -> IngredientPrice:
    """Add a price, and recompute every recipe that has the ingredient."""
    # Waits for recipes that are being written with the price of before.
    ingredient = db.session.get(Ingredient, ingredient_id, with_for_update={"key_share": True})
    if ingredient is None:
        raise _not_found(ingredient_id)
    added = IngredientPrice(ingredient_id=ingredient_id, price=price, per=per)
    db.session.add(added)
    ingredient.price_per_unit = price_per_unit(price, per)
    db.session.flush()
    users = select(RecipeIngredient.recipe_id).where(RecipeIngredient.ingredient_id == ingredient_id)
    recost(db.session.scalars(users))
    db.session.commit()
    return added


def _priced() -> Select:
    price = LATEST_PRICE.c
    return (
        select(
            Ingredient.id,
            Ingredient.name,
            Ingredient.unit,
            price.price,
            price.per,
            price.at.label("updated_at"),
        )
        .select_from(Ingredient)
        .join(LATEST_PRICE, true())
    )


def _not_found(ingredient_id: int) -> Problem:
    return Problem(404, "ingredient-not-found", f"There is no ingredient {ingredient_id}.")
