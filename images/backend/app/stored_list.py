"""The shopping list of an account, shared by its devices.

A device sends the whole list with the version that its changes were made to. If another device was faster it
is refused, merges the two, and sends the result.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from . import accounts
from .models import StoredShoppingList, db
from .problems import Problem

NOTHING = {"recipes": [], "ticks": []}


def read(user_id: int) -> dict[str, Any]:
    """The list; version 0 if there is none yet."""
    query = select(StoredShoppingList.version, StoredShoppingList.content)
    stored = db.session.execute(query.where(StoredShoppingList.user_id == user_id)).one_or_none()
    return {"version": stored.version, **stored.content} if stored else {"version": 0, **NOTHING}


def replace(user_id: int, version: int, content: dict[str, Any]) -> dict[str, Any]:
    """Replace the list, unless it has changed since that version."""
    table = StoredShoppingList
    if version == 0:
        change = insert(table).values(user_id=user_id, version=1, content=content).on_conflict_do_nothing()
    else:
        of_version = table.user_id == user_id, table.version == version
        now = {"version": version + 1, "content": content, "updated_at": func.now()}
        change = update(table).where(*of_version).values(now)
    try:
        is_replaced = db.session.execute(change.returning(table.version)).first()
    except IntegrityError as error:
        raise accounts.not_found() from error
    if not is_replaced:
        detail = "The shopping list has been changed meanwhile. Read it again and merge the two."
        raise Problem(409, "shopping-list-changed", detail)
    db.session.commit()
    return {"version": version + 1, **content}


def merge_ingredients(kept: int, merged: Collection[int]) -> None:
    """Replace the merged ingredients in the ticks of all lists by `kept`, without a commit.

    Ticks of several of them become one tick, with the sum of the quantities and all recipes. The version
    increases, so that a device reads the list again before it stores a change.
    """
    has_merged = [
        StoredShoppingList.content.contains({"ticks": [{"ingredient_id": ingredient_id}]})
        for ingredient_id in merged
    ]
    query = select(StoredShoppingList).where(or_(*has_merged)).order_by(StoredShoppingList.user_id)
    for stored in db.session.scalars(query.with_for_update()):
        stored.content = {**stored.content, "ticks": _merged(stored.content["ticks"], kept, merged)}
        stored.version += 1
        stored.updated_at = func.now()


def _merged(ticks: list[dict[str, Any]], kept: int, merged: Collection[int]) -> list[dict[str, Any]]:
    result: dict[int, dict[str, Any]] = {}
    for tick in ticks:
        ingredient_id = kept if tick["ingredient_id"] in merged else tick["ingredient_id"]
        if before := result.get(ingredient_id):
            # Three decimals, like the list's quantity: 0.7 + 0.1 is 0.7999999999999999 in binary fractions.
            quantity = round(before["quantity"] + tick["quantity"], 3)
            recipes = sorted({*before["recipes"], *tick["recipes"]})
            result[ingredient_id] = {**before, "quantity": quantity, "recipes": recipes}
        else:
            result[ingredient_id] = {**tick, "ingredient_id": ingredient_id}
    return list(result.values())
