"""An operator's changes of ingredients: merge, rename and remove, with updates of all dependent data.

Locks are taken as everywhere: ingredients first, then recipes, each by id. A merge locks stored shopping
lists between them, by account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from . import cache, ingredient_names, stored_list
from .canonical import canonical
from .cost import price_per_unit
from .models import Ingredient, IngredientName, IngredientPrice, Recipe, RecipeIngredient, db
from .models.base import MAX_ID
from .recipes import derived
from .units import MAX_TABLESPOON, MIN_TABLESPOON


class CatalogueError(Exception):
    """The reason why nothing was changed, for the operator."""


def resolve(references: Sequence[str]) -> list[Ingredient]:
    """The ingredients of these ids or names, locked, in the order given; an error lists all unknown ones."""
    ids = [_find(reference) for reference in references]
    unknown = [reference for reference, found in zip(references, ids, strict=True) if found is None]
    if unknown:
        raise CatalogueError("there is no ingredient " + ", ".join(map(repr, unknown)))
    query = select(Ingredient).where(Ingredient.id.in_(ids)).order_by(Ingredient.id).with_for_update()
    locked = {ingredient.id: ingredient for ingredient in db.session.scalars(query)}
    return [locked[found] for found in ids]


def duplicates() -> list[list[Ingredient]]:
    """Groups of ingredients with the same canonical name, the oldest of each first.

    A name may also be an alias of another ingredient, which is then the first of the group.
    """
    ingredients = {one.id: one for one in db.session.scalars(select(Ingredient).order_by(Ingredient.id))}
    groups: defaultdict[str, list[Ingredient]] = defaultdict(list)
    for ingredient in ingredients.values():
        groups[canonical(ingredient.name)].append(ingredient)
    for name, owner in db.session.execute(select(IngredientName.canonical, IngredientName.ingredient_id)):
        if name in groups and ingredients[owner] not in groups[name]:
            groups[name].insert(0, ingredients[owner])
    return [group for group in groups.values() if len(group) > 1]


def merge(kept: Ingredient, others: Sequence[Ingredient]) -> int:
    """Merge the others into `kept`, and return the number of changed recipes.

    Their recipes, names and prices become its own; the latest price is the current one. A shopping list is
    derived from recipes, so it then has `kept`; the ticks of stored lists are changed to it.
    """
    if kept in others:
        raise CatalogueError(f"{kept.name!r} can't be merged with itself")
    differing = [other for other in others if other.unit != kept.unit]
    if differing:
        units = ", ".join(f"{other.name!r} by {other.unit}" for other in differing)
        raise CatalogueError(f"{kept.name!r} is sold by {kept.unit}, but {units}")
    for fact in ("tablespoon_grams", "aisle"):
        known = (getattr(one, fact) for one in (kept, *others))
        setattr(kept, fact, next((value for value in known if value is not None), None))
    gone = [other.id for other in others]
    names = [other.name for other in others]
    changed = _recipes_with(gone)
    for table in (RecipeIngredient, IngredientName, IngredientPrice):
        db.session.execute(update(table).where(table.ingredient_id.in_(gone)).values(ingredient_id=kept.id))
    db.session.execute(delete(Ingredient).where(Ingredient.id.in_(gone)))
    stored_list.merge_ingredients(kept.id, gone)
    # Names of duplicates had no row. A name in use stays with its owner, which may be a third duplicate.
    for name in filter(canonical, names):
        ingredient_names.add(kept.id, name)
    latest = select(IngredientPrice.price, IngredientPrice.per).where(
        IngredientPrice.ingredient_id == kept.id
    )
    price, per = db.session.execute(
        latest.order_by(IngredientPrice.at.desc(), IngredientPrice.id.desc()).limit(1)
    ).one()
    kept.price_per_unit = price_per_unit(price, per)
    _count_as_edited(changed)
    _finish({*changed, *_recipes_with([kept.id])})
    return len(changed)


def rename(ingredient: Ingredient, name: str) -> None:
    """Rename an ingredient. The old name stays as an alias, so that it is not added again."""
    add_alias(ingredient, name, commit=False)
    own = update(IngredientName).where(IngredientName.canonical == canonical(name))
    db.session.execute(own.values(name=name))
    ingredient.name = name
    try:
        db.session.flush()
    except IntegrityError as error:
        raise CatalogueError(f"there is an ingredient {name!r} already: merge the two") from error
    _finish(_recipes_with([ingredient.id]))


def add_alias(ingredient: Ingredient, name: str, *, commit: bool = True) -> None:
    """Add an alias to an ingredient."""
    owner = ingredient_names.find(name)
    if owner is not None and owner.id != ingredient.id:
        raise CatalogueError(f"{name!r} is the ingredient {owner.name!r} (id {owner.id}): merge the two")
    ingredient_names.claim(ingredient.id, name)
    if commit:
        _finish(_recipes_with([ingredient.id]))


def remove_alias(ingredient: Ingredient, name: str) -> None:
    """Remove an alias of an ingredient."""
    if canonical(name) == canonical(ingredient.name):
        raise CatalogueError(f"{ingredient.name!r} is its name, not an alias")
    owned = IngredientName.canonical == canonical(name), IngredientName.ingredient_id == ingredient.id
    removed = delete(IngredientName).where(*owned).returning(IngredientName.canonical)
    if db.session.scalar(removed) is None:
        raise CatalogueError(f"{ingredient.name!r} has no alias {name!r}")
    _finish(_recipes_with([ingredient.id]))


def remove(ingredient: Ingredient, *, from_recipes: bool = False) -> int:
    """Remove an ingredient with its names and prices, and return the number of changed recipes.

    An ingredient of recipes requires `from_recipes`, which removes it from them, but never from a
    recipe that has no other.
    """
    users = _recipes_with([ingredient.id])
    if users and not from_recipes:
        titles = ", ".join(_titles(users))
        raise CatalogueError(f"{ingredient.name!r} is in {len(users)} recipes: {titles}; see --from-recipes")
    others = select(RecipeIngredient.recipe_id).where(
        RecipeIngredient.recipe_id.in_(users), RecipeIngredient.ingredient_id != ingredient.id
    )
    alone = users - set(db.session.scalars(others))
    if alone:
        raise CatalogueError(
            f"{ingredient.name!r} is all that these recipes have: {', '.join(_titles(alone))}"
        )
    db.session.execute(delete(RecipeIngredient).where(RecipeIngredient.ingredient_id == ingredient.id))
    db.session.execute(delete(Ingredient).where(Ingredient.id == ingredient.id))
    _count_as_edited(users)
    _finish(users)
    return len(users)


def weigh(ingredient: Ingredient, tablespoon_grams: Decimal) -> int:
    """Set the weight of a tablespoon, and return the number of recipes with the ingredient."""
    low, high, grams = MIN_TABLESPOON, MAX_TABLESPOON, tablespoon_grams
    if not (grams.is_finite() and low <= grams <= high and grams == round(grams, 3)):
        raise CatalogueError(f"a tablespoon weighs {low} to {high} g, with up to three decimals")
    ingredient.tablespoon_grams = grams
    users = _recipes_with([ingredient.id])
    _finish(users)
    return len(users)


def _find(reference: str) -> int | None:
    """Find an ingredient by id, by exact name, or by any spelling of a name or an alias."""
    if reference.isascii() and reference.isdecimal() and int(reference) <= MAX_ID:
        known = select(Ingredient.id).where(Ingredient.id == int(reference))
        if (ingredient_id := db.session.scalar(known)) is not None:
            return ingredient_id
    exact = db.session.scalar(select(Ingredient.id).where(Ingredient.name == reference))
    if exact is not None:
        return exact
    named = ingredient_names.find(reference)
    return None if named is None else named.id


def _recipes_with(ingredient_ids: Sequence[int]) -> set[int]:
    query = select(RecipeIngredient.recipe_id).where(RecipeIngredient.ingredient_id.in_(ingredient_ids))
    return set(db.session.scalars(query))


def _titles(recipe_ids: Iterable[int]) -> list[str]:
    query = select(Recipe.id, Recipe.title).where(Recipe.id.in_(recipe_ids)).order_by(Recipe.id)
    return [f"{title!r} (id {recipe_id})" for recipe_id, title in db.session.execute(query)]


def _count_as_edited(recipe_ids: Iterable[int]) -> None:
    """Increase the version of recipes, so that a concurrent edit of the previous version is a conflict."""
    ids = sorted(recipe_ids)
    locked = select(Recipe.id).where(Recipe.id.in_(ids)).order_by(Recipe.id).with_for_update(key_share=True)
    db.session.execute(locked)
    db.session.execute(update(Recipe).where(Recipe.id.in_(ids)).values(version=Recipe.version + 1))


def _finish(recipe_ids: Iterable[int]) -> None:
    """Update the derived columns of these recipes, commit, and clear the cache."""
    db.session.flush()
    # A name that the change has freed may be that of another ingredient.
    ingredient_names.fill()
    derived.refresh(recipe_ids)
    cache.clear_after_commit()
    db.session.commit()
