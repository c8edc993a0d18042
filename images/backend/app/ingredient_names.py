"""Names and aliases of ingredients. Each canonical form belongs to one ingredient."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Text, func, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, array, insert

from .canonical import canonical
from .matching import contains, rank, words
from .models import Ingredient, IngredientName, db
from .problems import Problem


def claim(ingredient_id: int, name: str) -> None:
    """Add `name` to the ingredient's names, or raise the problem that names its owner."""
    if not add(ingredient_id, name):
        owner = find(name)
        if owner is None or owner.id != ingredient_id:
            raise taken(name, owner)


def add(ingredient_id: int, name: str) -> bool:
    """Add `name` to the ingredient's names; False if it is in use, also by the ingredient itself.

    Waits for transactions that are adding or removing it.
    """
    row = insert(IngredientName).values(canonical=canonical(name), ingredient_id=ingredient_id, name=name)
    added = row.on_conflict_do_nothing().returning(IngredientName.canonical)
    return db.session.scalar(added) is not None


def find(name: str) -> Ingredient | None:
    """The ingredient with this name in any spelling."""
    query = select(Ingredient).join(IngredientName, IngredientName.ingredient_id == Ingredient.id)
    return db.session.scalar(query.where(IngredientName.canonical == canonical(name)))


def taken(name: str, owner: Ingredient | None) -> Problem:
    """The problem for a name of another ingredient, with that ingredient if it is known."""
    known = {} if owner is None else {"ingredient": {"id": owner.id, "name": owner.name}}
    shown = name if owner is None else owner.name
    return Problem(409, "ingredient-exists", f"There is an ingredient {shown!r} already.", **known)


def fill() -> int:
    """Add missing names of ingredients, such as of those that a pod of the previous version added.

    Return their number. A name in use stays with its owner: an operator merges the two.
    """
    own = IngredientName.ingredient_id == Ingredient.id, IngredientName.name == Ingredient.name
    missing = select(Ingredient.id, Ingredient.name).where(~select(IngredientName).where(*own).exists())
    rows = db.session.execute(missing.order_by(Ingredient.id)).all()
    return sum(add(ingredient.id, ingredient.name) for ingredient in rows if canonical(ingredient.name))


def aliases() -> ColumnElement[list[str]]:
    """The other names of the Ingredient of the enclosing query, in alphabetical order."""
    name = IngredientName.name
    listed = func.array_agg(aggregate_order_by(name, name.asc()), type_=ARRAY(Text))
    others = select(listed).where(IngredientName.ingredient_id == Ingredient.id, name != Ingredient.name)
    return func.coalesce(others.scalar_subquery(), array([], type_=Text), type_=ARRAY(Text))


def has_words(q: str) -> list[ColumnElement[bool]]:
    """Conditions on the Ingredient of the enclosing query: each word is in one of its names."""
    names = _names()
    return [select(names).where(contains(names.c.canonical, word)).exists() for word in words(q)]


def best_rank(q: str) -> ColumnElement[int]:
    """The rank of the enclosing query's Ingredient in a search, by its best name (matching.rank)."""
    names = _names()
    return select(func.min(rank(names.c.canonical, q))).select_from(names).scalar_subquery()


def _names() -> Any:
    """The names of the enclosing query's Ingredient, including one without rows in the table of names."""
    known = select(IngredientName.canonical).where(IngredientName.ingredient_id == Ingredient.id)
    plain = select(func.replace(func.lower(Ingredient.name), " ", "").label("canonical"))
    return union_all(known.correlate(Ingredient), plain.correlate(Ingredient)).lateral("names")
