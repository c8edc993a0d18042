"""The derived columns by which lists search and sort, updated with their sources."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from sqlalchemy import select, update

from .. import ingredient_names
from ..canonical import canonical
from ..cost import cost_per_meal
from ..models import Ingredient, Recipe, RecipeIngredient, db
from . import current


def refresh(recipe_ids: Iterable[int]) -> None:
    """Update the derived columns of some recipes from the current data of this transaction."""
    ids = sorted(set(recipe_ids))
    if not ids:
        return
    # Locked in a fixed order. The next statement then sees commits of other transactions.
    recipes = db.session.execute(
        select(Recipe.id, Recipe.servings)
        .where(Recipe.id.in_(ids))
        .order_by(Recipe.id)
        .with_for_update(key_share=True)
    ).all()
    costs: dict[int, list[Fraction]] = {recipe.id: [] for recipe in recipes}
    for line in current.lines(RecipeIngredient.recipe_id.in_(costs)):
        costs[line.recipe_id].append(current.cost(line))
    texts = search_texts(costs)
    db.session.execute(
        update(Recipe),
        [
            {
                "id": recipe.id,
                "search_text": texts[recipe.id],
                "cost_per_meal": cost_per_meal(costs[recipe.id], recipe.servings),
            }
            for recipe in recipes
        ],
    )


def search_texts(recipe_ids: Iterable[int]) -> dict[int, str]:
    """The search text of each recipe: its title, summary, tags and all names of its ingredients.

    Each is in canonical form on a separate line, with the title on the first.
    """
    query = select(Recipe.id, Recipe.title, Recipe.summary, Recipe.tags).where(
        Recipe.id.in_(list(recipe_ids))
    )
    texts = {row.id: [row.title, row.summary, *row.tags] for row in db.session.execute(query)}
    names = (
        select(RecipeIngredient.recipe_id, Ingredient.name, ingredient_names.aliases().label("aliases"))
        .join(RecipeIngredient.ingredient)
        .where(RecipeIngredient.recipe_id.in_(texts))
        .order_by(RecipeIngredient.recipe_id, RecipeIngredient.position)
    )
    for row in db.session.execute(names):
        texts[row.recipe_id] += [row.name, *row.aliases]
    return {recipe_id: "\n".join(map(canonical, lines)) for recipe_id, lines in texts.items()}


def refresh_outdated(batch: int = 200) -> int:
    """Update search texts that an earlier version wrote, and commit in batches; return their number."""
    refreshed = 0
    last = 0
    while True:
        query = select(Recipe.id, Recipe.search_text).where(Recipe.id > last).order_by(Recipe.id).limit(batch)
        rows = db.session.execute(query).all()
        if not rows:
            return refreshed
        last = rows[-1].id
        texts = search_texts(row.id for row in rows)
        outdated = [row.id for row in rows if texts.get(row.id) != row.search_text]
        refresh(outdated)
        db.session.commit()
        refreshed += len(outdated)
