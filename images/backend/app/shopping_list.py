"""The shopping list for some recipes, with the quantities of each ingredient added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from sqlalchemy import select

from . import aisles
from .cost import won
from .models import Recipe, RecipeIngredient, db
from .problems import Problem
from .recipes import current
from .units import Unit


@dataclass
class Item:
    name: str
    unit: str
    # The pack of a shop: `price` won for `per` base units.
    price: int
    per: Decimal
    aisle: str | None
    quantity: Fraction = Fraction(0)
    cost: Fraction = Fraction(0)
    # At least one recipe needs "a little", in addition to the quantity.
    a_little: bool = False
    # In the order of the choices, each once.
    recipes: dict[int, None] = field(default_factory=dict)

    @property
    def packs(self) -> int:
        """The number of packs to buy; a shop sells whole packs only."""
        return ceil(self.quantity / Fraction(self.per))

    @property
    def walk(self) -> tuple[int, str]:
        """The sort key of the way through a shop."""
        return aisles.place(self.aisle), self.name


def shopping_list(choices: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """The list for (recipe id, servings) choices, the ingredients by aisle and in order of name."""
    ids = {recipe_id for recipe_id, _ in choices}
    query = select(Recipe.id, Recipe.title, Recipe.servings).where(Recipe.id.in_(ids))
    recipes = {recipe.id: recipe for recipe in db.session.execute(query)}
    missing = sorted(ids - recipes.keys())
    if missing:
        names = ", ".join(map(str, missing))
        raise Problem(404, "recipe-not-found", f"There is no recipe {names}.", ids=missing)
    lines = defaultdict(list)
    for line in current.lines(RecipeIngredient.recipe_id.in_(ids)):
        lines[line.recipe_id].append(line)

    items: dict[int, Item] = {}
    chosen = []
    for recipe_id, servings in choices:
        scale = Fraction(servings, recipes[recipe_id].servings)
        cost = Fraction(0)
        for line in lines[recipe_id]:
            item = items.setdefault(
                line.ingredient_id, Item(line.name, line.price_unit, line.price, line.per, line.aisle)
            )
            item.quantity += current.amount(line) * scale
            item.a_little |= line.unit == Unit.LITTLE
            item.cost += current.cost(line) * scale
            item.recipes[recipe_id] = None
            cost += current.cost(line) * scale
        title = recipes[recipe_id].title
        chosen.append({"id": recipe_id, "title": title, "servings": servings, "cost": won(cost)})
    return {
        "recipes": chosen,
        "items": [
            {
                "ingredient_id": ingredient_id,
                "name": item.name,
                "quantity": round(item.quantity, 3),
                "unit": item.unit,
                "cost": won(item.cost),
                "recipes": list(item.recipes),
                "price": item.price,
                "per": item.per,
                "packs": item.packs,
                "a_little": item.a_little,
                "aisle": item.aisle,
            }
            for ingredient_id, item in sorted(items.items(), key=lambda entry: entry[1].walk)
        ],
        "total": won(sum((item.cost for item in items.values()), Fraction(0))),
        "packs_total": sum(item.packs * item.price for item in items.values()),
    }
