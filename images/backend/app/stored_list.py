"""The shopping list of an account, shared by its devices.

A device sends the whole list with the version that its changes were made to. If another device was faster it
is refused, merges the two, and sends the result.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update
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
