"""What ingredients are called: one canonical form belongs to one ingredient, be it its name or an alias."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Text, func, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, array, insert

from .canonical import canonical
from .matching import contains, rank, words
from .models import Ingredient, IngredientName, db
from .problems import Problem


def claim(ingredient_id: int, name: str) -> None:
    """Make `name` one of the ingredient's names, or raise the problem that names whose it is."""
    if not _add(ingredient_id, name):
        owner = find(name)
        if owner is None or owner.id != ingredient_id:
            raise taken(name, owner)


def find(name: str) -> Ingredient | None:
    """The ingredient that is called so, however it is spelled."""
    query = select(Ingredient).join(IngredientName, IngredientName.ingredient_id == Ingredient.id)
    return db.session.scalar(query.where(IngredientName.canonical == canonical(name)))


def taken(name: str, owner: Ingredient | None) -> Problem:
    """The answer to a name that another ingredient has, with that ingredient where it is known."""
    known = {} if owner is None else {"ingredient": {"id": owner.id, "name": owner.name}}
    shown = name if owner is None else owner.name
    return Problem(409, "ingredient-exists", f"There is an ingredient {shown!r} already.", **known)


def fill() -> int:
    """Give ingredients their names that a pod of the version before has added; returns how many.

    A name that is taken stays with the older ingredient: an operator merges the two.
    """
    missing = select(Ingredient.id, Ingredient.name).where(
        ~select(IngredientName).where(IngredientName.ingredient_id == Ingredient.id).exists()
    )
    rows = db.session.execute(missing.order_by(Ingredient.id)).all()
    return sum(_add(ingredient.id, ingredient.name) for ingredient in rows if canonical(ingredient.name))


def _add(ingredient_id: int, name: str) -> bool:
    """False where the name is taken. It waits for a transaction that is about to take it or to give it up."""
    row = insert(IngredientName).values(canonical=canonical(name), ingredient_id=ingredient_id, name=name)
    added = row.on_conflict_do_nothing().returning(IngredientName.canonical)
    return db.session.scalar(added) is not None


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
    """How well the Ingredient of the enclosing query matches a search, by its best name (matching.rank)."""
    names = _names()
    return select(func.min(rank(names.c.canonical, q))).select_from(names).scalar_subquery()


def _names() -> Any:
    """The names of the enclosing query's Ingredient, also of one that no release has given its names yet."""
    known = select(IngredientName.canonical).where(IngredientName.ingredient_id == Ingredient.id)
    plain = select(func.replace(func.lower(Ingredient.name), " ", "").label("canonical"))
    return union_all(known.correlate(Ingredient), plain.correlate(Ingredient)).lateral("names")
