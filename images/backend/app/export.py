"""All data of an account as one document."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from . import favourites, kept_list, prices
from .models import Recipe, User, db
from .recipes import get_recipe
from .recipes.search import summaries


def export(user: User) -> dict[str, Any]:
    """The account, its recipes and the prices it reported, oldest first, its favourites and shopping list.

    It has no passwords and sessions.
    """
    own = select(Recipe.id).where(Recipe.author_id == user.id).order_by(Recipe.id)
    kept = favourites.ids(user.id)
    titles = {row.id: row for row in db.session.execute(summaries().where(Recipe.id.in_(kept)))}
    return {
        "account": user,
        "recipes": [get_recipe(recipe_id) for recipe_id in db.session.scalars(own).all()],
        "favourites": [titles[recipe_id] for recipe_id in kept if recipe_id in titles],
        "shopping_list": kept_list.read(user.id),
        "prices": prices.reported_by(user.id),
    }
