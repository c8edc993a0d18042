"""Ingredients with their current price."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, Row, Select, literal, select, true
from sqlalchemy.exc import IntegrityError

from . import ingredient_names, limits, prices
from .cost import price_per_unit
from .idempotency import Once
from .models import Ingredient, IngredientPrice, User, db
from .pages import Order, Place
from .problems import Problem
from .recipes.current import LATEST_PRICE

BY_NAME = Order("name", {"name": Ingredient.name})
# For a search, that list_ingredients ranks by.
BEST = Order("best", {"rank": literal(0, Integer), "name": Ingredient.name})


def list_ingredients(
    *, order: Order, after: Place | None, limit: int, q: str | None = None
) -> dict[str, Any]:
    """A page of ingredients. With `q`, only those that have each of its words in one of their names."""
    query = _priced()
    if q is not None:
        query = query.where(*ingredient_names.has_words(q))
    if order.name == BEST.name:
        rank = ingredient_names.best_rank(q or "")
        query = query.add_columns(rank.label("rank"))
        order = replace(order, columns={**order.columns, "rank": rank})
    return order.page(query, after, limit)


def get(ingredient_id: int) -> Row:
    ingredient = db.session.execute(_priced().where(Ingredient.id == ingredient_id)).one_or_none()
    if ingredient is None:
        raise prices.ingredient_not_found(ingredient_id)
    return ingredient


def create(
    user: User,
    *,
    name: str,
    unit: str,
    price: int,
    per: Decimal,
    aisle: str | None = None,
    once: Once | None = None,
) -> Row:
    """Add an ingredient, unless one has this name in any spelling."""
    before = once and once.created_before()
    if before is not None:
        return get(before)
    owner = ingredient_names.find(name)
    if owner is not None:
        raise ingredient_names.taken(name, owner)
    limits.count(limits.INGREDIENTS, "ingredients", user.id)
    ingredient = new_ingredient(name, unit, IngredientPrice(price=price, per=per), aisle=aisle)
    db.session.add(ingredient)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise ingredient_names.taken(name, None) from error
    ingredient_names.claim(ingredient.id, name)
    prices.note_reporter(user, ingredient.prices[0])
    if once:
        once.note(ingredient.id)
    created = get(ingredient.id)
    db.session.commit()
    return created


def new_ingredient(
    name: str,
    unit: str,
    *history: IngredientPrice,
    tablespoon_grams: Decimal | None = None,
    aisle: str | None = None,
) -> Ingredient:
    """An ingredient with its prices, the oldest first."""
    latest = history[-1]
    return Ingredient(
        name=name,
        unit=unit,
        price_per_unit=price_per_unit(latest.price, latest.per),
        tablespoon_grams=tablespoon_grams,
        aisle=aisle,
        prices=list(history),
    )


def set_tablespoon(ingredient_id: int, grams: Decimal) -> Row:
    """Store the weight of a tablespoon. A known weight stays, because the cost of recipes depends on it."""
    # A concurrent write of a recipe with spoons of it sees no weight, or this one.
    ingredient = db.session.get(Ingredient, ingredient_id, with_for_update={"key_share": True})
    if ingredient is None:
        raise prices.ingredient_not_found(ingredient_id)
    known = ingredient.tablespoon_grams
    if known is not None and known != grams:
        detail = f"A tablespoon of {ingredient.name!r} is known to weigh {known.normalize():f} g."
        raise Problem(409, "weight-known", detail, tablespoonGrams=float(known))
    ingredient.tablespoon_grams = grams
    db.session.flush()
    noted = get(ingredient_id)
    db.session.commit()
    return noted


def set_aisle(user: User, ingredient_id: int, aisle: str | None) -> Row:
    """Set the aisle of an ingredient, replacing an earlier one; None: unknown."""
    limits.count(limits.AISLES, "aisles", user.id)
    ingredient = db.session.get(Ingredient, ingredient_id, with_for_update={"key_share": True})
    if ingredient is None:
        raise prices.ingredient_not_found(ingredient_id)
    ingredient.aisle = aisle
    db.session.flush()
    noted = get(ingredient_id)
    db.session.commit()
    return noted


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
            ingredient_names.aliases().label("aliases"),
            Ingredient.tablespoon_grams,
            Ingredient.aisle,
        )
        .select_from(Ingredient)
        .join(LATEST_PRICE, true())
    )
