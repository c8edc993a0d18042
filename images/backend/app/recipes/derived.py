"""What lists search and sort by, kept in step with what it is made of."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from sqlalchemy import select, update

from ..cost import cost_per_meal
from ..models import Recipe, RecipeIngredient, db
from . import current


def refresh(recipe_ids: Iterable[int]) -> None:
    """Make the derived columns of some recipes anew, from what this transaction sees now."""
    ids = sorted(set(recipe_ids))
    if not ids:
        return
    # Locked one after another, always in one order. The next statement then sees what others have committed.
    recipes = db.session.execute(
        select(Recipe.id, Recipe.title, Recipe.summary, Recipe.tags, Recipe.servings)
        .where(Recipe.id.in_(ids))
        .order_by(Recipe.id)
        .with_for_update(key_share=True)
    ).all()
    names: dict[int, list[str]] = {recipe.id: [] for recipe in recipes}
    costs: dict[int, list[Fraction]] = {recipe.id: [] for recipe in recipes}
    for line in current.lines(RecipeIngredient.recipe_id.in_(names)):
        names[line.recipe_id].append(line.name)
        costs[line.recipe_id].append(current.cost(line))
    db.session.execute(
        update(Recipe),
        [
            {
                "id": recipe.id,
                "search_text": "\n".join(
                    [recipe.title, recipe.summary, *recipe.tags, *names[recipe.id]]
                ).lower(),
                "cost_per_meal": cost_per_meal(costs[recipe.id], recipe.servings),
            }
            for recipe in recipes
        ],
    )
