"""Create, edit and remove a user's own recipes.

Locks are taken in one order everywhere: ingredients first, then recipes, each by id. A concurrent price
change waits for the recipe and then recomputes it, or the recipe waits for the price change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from .. import accounts
from ..idempotency import Once
from ..models import Ingredient, Recipe, RecipeIngredient, Step, User, db
from ..problems import Problem
from . import derived
from .detail import get_recipe, not_found
from .estimate import priced_ingredients

FIELDS = ("title", "summary", "servings", "cook_minutes", "tags")


def create(author: User, content: Mapping[str, Any], once: Once | None = None) -> dict[str, Any]:
    """Add a recipe, or return the one that the same request added before."""
    before = once and once.created_before()
    if before is not None:
        return get_recipe(before)
    recipe = Recipe(author_id=author.id)
    _fill(recipe, content, _locked_ingredients(content))
    db.session.add(recipe)
    try:
        db.session.flush()
    except IntegrityError as error:  # only the author can be missing: the ingredients are locked
        raise accounts.not_found() from error
    if once:
        once.note(recipe.id)
    return _save(recipe)


def update(author: User, recipe_id: int, content: Mapping[str, Any]) -> dict[str, Any]:
    """Replace a recipe, unless it was edited since the version on which `content` is based.

    A recipe that has this content already is no conflict: the response of the same request was lost.
    """
    _own(author, recipe_id)
    ingredients = _locked_ingredients(content)
    recipe = _own(author, recipe_id, lock=True)
    if recipe.version != content["version"]:
        if _has(recipe, content):
            return get_recipe(recipe_id)
        detail = f"The recipe has been changed meanwhile: it is at version {recipe.version}."
        raise Problem(409, "recipe-changed", detail, version=recipe.version)
    recipe.ingredients.clear()
    recipe.steps.clear()
    # Deletes the old lines first, because the new ones have the same positions.
    db.session.flush()
    _fill(recipe, content, ingredients)
    recipe.version += 1
    recipe.updated_at = func.now()
    return _save(recipe)


def delete(author: User, recipe_id: int) -> None:
    db.session.delete(_own(author, recipe_id, lock=True))
    db.session.commit()


def _own(author: User, recipe_id: int, *, lock: bool = False) -> Recipe:
    recipe = db.session.get(Recipe, recipe_id, with_for_update=lock or None, populate_existing=lock)
    if recipe is None:
        raise not_found(recipe_id)
    if recipe.author_id != author.id:
        raise Problem(403, "not-yours", f"Recipe {recipe_id} belongs to another user.")
    return recipe


def _locked_ingredients(content: Mapping[str, Any]) -> dict[int, Ingredient]:
    """The ingredients of the lines, locked: their prices do not change until the end of the transaction."""
    ids = {line["ingredient_id"] for line in content["ingredients"]}
    locked = db.session.scalars(
        select(Ingredient).where(Ingredient.id.in_(ids)).order_by(Ingredient.id).with_for_update(read=True)
    ).all()
    priced_ingredients(content["ingredients"])
    return {ingredient.id: ingredient for ingredient in locked}


def _fill(recipe: Recipe, content: Mapping[str, Any], ingredients: Mapping[int, Ingredient]) -> None:
    for field in FIELDS:
        setattr(recipe, field, content[field])
    recipe.ingredients = [
        RecipeIngredient(
            position=position,
            ingredient=ingredients[line["ingredient_id"]],
            quantity=line["quantity"],
            unit=line["unit"],
        )
        for position, line in enumerate(content["ingredients"], start=1)
    ]
    recipe.steps = [Step(position=position, text=text) for position, text in enumerate(content["steps"], 1)]


def _has(recipe: Recipe, content: Mapping[str, Any]) -> bool:
    lines = [(line.ingredient_id, line.chosen_quantity, line.chosen_unit) for line in recipe.ingredients]
    wanted = [(line["ingredient_id"], line["quantity"], line["unit"]) for line in content["ingredients"]]
    is_same = all(getattr(recipe, field) == content[field] for field in FIELDS)
    return is_same and lines == wanted and [step.text for step in recipe.steps] == content["steps"]


def _save(recipe: Recipe) -> dict[str, Any]:
    db.session.flush()
    derived.refresh([recipe.id])
    # Read before the commit, because another request may change the recipe after it.
    saved = get_recipe(recipe.id)
    db.session.commit()
    return saved
