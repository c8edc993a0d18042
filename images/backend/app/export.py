"""All data of an account as one document, which may be larger than the memory of a pod."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from . import favourites, prices, stored_list
from .models import Recipe, User, db
from .pages import Order, Place, each_item
from .recipes import get_recipes

# Items in memory at once. A recipe may have 30 steps of 1,000 characters.
RECIPES, ROWS = 20, 500
_OLDEST = Order("oldest", {"id": Recipe.id})


def export(user: User) -> dict[str, Any]:
    """The account, its recipes and the prices it reported, oldest first, its favourites and shopping list.

    It has no passwords and sessions. The lists are iterators of their items, which read them page by page.
    """
    user_id = user.id

    def recipes_after(after: Place | None) -> dict[str, Any]:
        page = _OLDEST.page(select(Recipe.id).where(Recipe.author_id == user_id), after, RECIPES)
        return {**page, "items": get_recipes([row.id for row in page["items"]])}

    def favourites_after(after: Place | None) -> dict[str, Any]:
        return favourites.list_favourites(user_id, order=favourites.LATEST, after=after, limit=ROWS)

    def prices_after(after: Place | None) -> dict[str, Any]:
        return prices.reported_by(user_id, order=prices.REPORTED, after=after, limit=ROWS)

    data = {
        "account": user,
        "recipes": each_item(recipes_after),
        "favourites": each_item(favourites_after),
        "shopping_list": stored_list.read(user_id),
        "prices": each_item(prices_after),
    }
    db.session.close()
    return data
