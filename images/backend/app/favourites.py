"""The favourite recipes of a user."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from .models import Favourite, Recipe, db
from .pages import Order, Place
from .recipes.detail import not_found
from .recipes.search import summaries

LATEST = Order("latest", {"favourite_id": Favourite.id}, descending=True)


def list_favourites(user_id: int, *, order: Order, after: Place | None, limit: int) -> dict[str, Any]:
    query = (
        summaries()
        .add_columns(Favourite.id.label("favourite_id"))
        .join(Favourite, Favourite.recipe_id == Recipe.id)
        .where(Favourite.user_id == user_id)
    )
    return order.page(query, after, limit)


def ids(user_id: int, *, order: Order, after: Place | None, limit: int) -> dict[str, Any]:
    """A page of the ids of the favourite recipes."""
    query = select(Favourite.id.label("favourite_id"), Favourite.recipe_id)
    page = order.page(query.where(Favourite.user_id == user_id), after, limit)
    return {"ids": [row.recipe_id for row in page["items"]], "next_cursor": page["next_cursor"]}


def add(user_id: int, recipe_id: int) -> None:
    row = insert(Favourite).values(user_id=user_id, recipe_id=recipe_id).on_conflict_do_nothing()
    try:
        db.session.execute(row)
        db.session.commit()
    except IntegrityError as error:
        raise not_found(recipe_id) from error


def remove(user_id: int, recipe_id: int) -> None:
    db.session.execute(
        delete(Favourite).where(Favourite.user_id == user_id, Favourite.recipe_id == recipe_id)
    )
    db.session.commit()
