"""Prices of ingredients, as users report them, with their history."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.exc import IntegrityError

from . import accounts, limits, price_removal
from .cost import price_per_unit
from .idempotency import Once
from .models import Ingredient, IngredientPrice, PriceReport, RecipeIngredient, User, db
from .pages import Order, Place
from .problems import Problem
from .recipes.recosting import recost

# The factor by which a usual price differs at most from the latest one. Beyond it the user must confirm the
# price, because a typing error, such as an extra digit, is more frequent than such a change.
USUAL = 3


_BY_AGE = {"at": IngredientPrice.at, "id": IngredientPrice.id}
NEWEST = Order("newest", _BY_AGE, descending=True)
# The same pages, each oldest first, for pages of the previous version: they read only the first page.
LATEST = Order("latest", _BY_AGE, descending=True)
# In the order of the reports.
REPORTED = Order("reported", {"id": PriceReport.price_id})


def history(ingredient_id: int, *, order: Order, after: Place | None, limit: int) -> dict[str, Any]:
    """A page of an ingredient's prices, the newest page first; with LATEST a page is oldest first."""
    columns = IngredientPrice.id, IngredientPrice.price, IngredientPrice.per, IngredientPrice.at
    query = select(*columns).where(IngredientPrice.ingredient_id == ingredient_id)
    page = order.page(query, after, limit)
    if not page["items"] and db.session.get(Ingredient, ingredient_id) is None:
        raise ingredient_not_found(ingredient_id)
    return {**page, "items": page["items"][::-1]} if order is LATEST else page


def report(
    user: User,
    ingredient_id: int,
    *,
    price: int,
    per: Decimal,
    confirm: bool = False,
    once: Once | None = None,
) -> IngredientPrice:
    """Add a price, and recompute every recipe that contains the ingredient.

    An unusual price is added only with `confirm`.
    """
    created = once and once.created_before()
    if created is not None:
        return _price(created)
    # The lock waits for recipes that are being written with the latest price.
    ingredient = _locked(ingredient_id)
    latest = price_removal.latest(ingredient_id)
    if latest and not confirm and _is_unusual(Fraction(price) / Fraction(per), latest):
        raise _unusual(ingredient, latest)
    # After the check, so that a confirmed price counts once.
    limits.count(limits.PRICES, "prices", user.id)
    added = IngredientPrice(ingredient_id=ingredient_id, price=price, per=per)
    db.session.add(added)
    ingredient.price_per_unit = price_per_unit(price, per)
    db.session.flush()
    note_reporter(user, added)
    if once:
        once.note(added.id)
    users = select(RecipeIngredient.recipe_id).where(RecipeIngredient.ingredient_id == ingredient_id)
    recost(db.session.scalars(users))
    db.session.commit()
    return added


def note_reporter(user: User, price: IngredientPrice) -> None:
    """Store the user who reported a price and may withdraw it. The price must have its id."""
    db.session.add(PriceReport(price_id=price.id, user_id=user.id))
    try:
        db.session.flush()
    except IntegrityError as error:  # only the account can be missing
        raise accounts.not_found() from error


def withdraw(user: User, ingredient_id: int, price_id: int) -> None:
    """Remove a price that the user reported. The latest remaining price becomes the current one."""
    ingredient = _locked(ingredient_id)
    reporter = select(IngredientPrice.id, PriceReport.user_id).outerjoin(PriceReport)
    found = db.session.execute(
        reporter.where(IngredientPrice.id == price_id, IngredientPrice.ingredient_id == ingredient_id)
    ).one_or_none()
    if found is None:
        raise Problem(404, "price-not-found", f"Ingredient {ingredient_id} has no price {price_id}.")
    if found.user_id != user.id:
        raise Problem(403, "not-yours", f"Price {price_id} was not reported by this account.")
    if not price_removal.remove_from(ingredient, [price_id]):
        detail = (
            "It is the only price of the ingredient. Report the right one first, then take this one back."
        )
        raise Problem(409, "only-price", detail)
    db.session.commit()


def ids_reported_by(
    user_id: int, ingredient_id: int, *, order: Order, after: Place | None, limit: int
) -> dict[str, Any]:
    """A page of the ids of an ingredient's prices that the user may withdraw, the newest page first."""
    query = _reported_by(user_id, *_BY_AGE.values()).where(IngredientPrice.ingredient_id == ingredient_id)
    page = order.page(query, after, limit)
    return {"ids": [row.id for row in page["items"][::-1]], "next_cursor": page["next_cursor"]}


def reported_by(user_id: int, *, order: Order, after: Place | None, limit: int) -> dict[str, Any]:
    """A page of all prices that the user reported, each with its ingredient."""
    columns = IngredientPrice.id, IngredientPrice.price, IngredientPrice.per, IngredientPrice.at
    query = _reported_by(user_id, *columns, Ingredient.id.label("ingredient_id"), Ingredient.name)
    query = query.join(Ingredient, Ingredient.id == IngredientPrice.ingredient_id)
    page = order.page(query, after, limit)
    items = [
        {**row._mapping, "ingredient": {"id": row.ingredient_id, "name": row.name}} for row in page["items"]
    ]
    return {**page, "items": items}


def ingredient_not_found(ingredient_id: int) -> Problem:
    return Problem(404, "ingredient-not-found", f"There is no ingredient {ingredient_id}.")


def _is_unusual(unit_price: Fraction, latest: Row) -> bool:
    previous = Fraction(latest.price) / Fraction(latest.per)
    return unit_price > USUAL * previous or previous > USUAL * unit_price


def _unusual(ingredient: Ingredient, latest: Row) -> Problem:
    per = f"{latest.per.normalize():f} {ingredient.unit}"
    detail = (
        f"The last price was {latest.price} won for {per}, and this one is more than {USUAL} times dearer"
        " or cheaper. If it is right, send it again with `confirm`: true."
    )
    known = {"price": latest.price, "per": float(latest.per)}
    return Problem(409, "price-unusual", detail, last=known)


def _reported_by(user_id: int, *columns: Any) -> Select:
    joined = select(*columns).select_from(PriceReport).join(IngredientPrice)
    return joined.where(PriceReport.user_id == user_id)


def _locked(ingredient_id: int) -> Ingredient:
    ingredient = db.session.get(Ingredient, ingredient_id, with_for_update={"key_share": True})
    if ingredient is None:
        raise ingredient_not_found(ingredient_id)
    return ingredient


def _price(price_id: int) -> IngredientPrice:
    price = db.session.get(IngredientPrice, price_id)
    if price is None:
        raise Problem(404, "price-not-found", "The price that this request has added is not there any more.")
    return price
