"""Lists of recipes: search, filters, orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Integer, Row, Select, case, func, literal, select

from .. import matching
from ..models import Recipe, RecipeIngredient, User, db
from ..pages import Order, Place

# Cooks invent tags. So many tags of the maximum length fit into a slot of the cache.
MOST_TAGS = 200
# The first is the default.
ORDERS = {
    order.name: order
    for order in (
        # Ids are given in the order of creation.
        Order("newest", {"id": Recipe.id}, descending=True),
        Order("cheapest", {"cost_per_meal": Recipe.cost_per_meal, "id": Recipe.id}),
        Order("dearest", {"cost_per_meal": Recipe.cost_per_meal, "id": Recipe.id}, descending=True),
        Order("quickest", {"cook_minutes": Recipe.cook_minutes, "id": Recipe.id}),
        # For a search: list_recipes replaces the score.
        Order("best", {"score": literal(0, Integer), "id": Recipe.id}, descending=True),
    )
}


def summaries() -> Select:
    """A query of the fields of each recipe in a list."""
    author = case((User.id.is_not(None), func.json_build_object("name", User.name)))
    return select(
        Recipe.id,
        Recipe.title,
        Recipe.summary,
        Recipe.servings,
        Recipe.cook_minutes,
        Recipe.cost_per_meal,
        Recipe.tags,
        author.label("author"),
    ).outerjoin(User, User.id == Recipe.author_id)


def list_recipes(
    *,
    order: Order,
    after: Place | None,
    limit: int,
    q: str | None = None,
    tag: str | None = None,
    ingredient: Sequence[int] = (),
    max_minutes: int | None = None,
    min_cost: int | None = None,
    max_cost: int | None = None,
    author_id: int | None = None,
) -> dict[str, Any]:
    """A page of the recipes that meet all conditions; the first page has the total number of recipes."""
    query = summaries()
    query = query.where(*(matching.contains(Recipe.search_text, word) for word in matching.words(q)))
    if order.name == "best":
        # The first line of the text is the title.
        score = matching.WORST - matching.rank(Recipe.search_text, q or "")
        query = query.add_columns(score.label("score"))
        order = replace(order, columns={**order.columns, "score": score})
    if tag is not None:
        query = query.where(Recipe.tags.contains([tag]))
    for ingredient_id in set(ingredient):
        query = query.where(
            select(RecipeIngredient)
            .where(RecipeIngredient.recipe_id == Recipe.id, RecipeIngredient.ingredient_id == ingredient_id)
            .exists()
        )
    if max_minutes is not None:
        query = query.where(Recipe.cook_minutes <= max_minutes)
    if min_cost is not None:
        query = query.where(Recipe.cost_per_meal >= min_cost)
    if max_cost is not None:
        query = query.where(Recipe.cost_per_meal <= max_cost)
    if author_id is not None:
        query = query.where(Recipe.author_id == author_id)
    page = order.page(query, after, limit)
    return page if after is not None else {**page, "total": _total(page, query)}


def _total(first: dict[str, Any], query: Select) -> int:
    """The number of rows of a query; `first` is its first page."""
    if first["next_cursor"] is None:
        return len(first["items"])
    ids = query.with_only_columns(Recipe.id).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def list_tags() -> Sequence[Row]:
    """The MOST_TAGS most frequent tags, each with the number of recipes that have it."""
    name = func.unnest(Recipe.tags).label("name")
    tags = select(name).subquery()
    count = func.count().label("count")
    return db.session.execute(
        select(tags.c.name, count).group_by(tags.c.name).order_by(count.desc(), tags.c.name).limit(MOST_TAGS)
    ).all()
