"""Sample recipes: Korean home dishes with real quantities and prices of 2026.

`ingredients.toml` lists the ingredients with price (won for a quantity), aisle and aliases,
`price_history.toml` has their earlier prices, and `recipes/` has one dish per file. Loading adds missing
ingredients and recipes, and changes no existing ones, so a price or a recipe that was edited since is kept.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from .. import ingredient_names
from ..cost import price_per_unit
from ..ingredients import new_ingredient
from ..models import Ingredient, IngredientPrice, Recipe, RecipeIngredient, Step
from ..recipes import derived

FOLDER = Path(__file__).parent
# The date of the prices in ingredients.toml.
SURVEY = datetime(2026, 6, 1, tzinfo=UTC)
# The start date of the oldest known price of an ingredient.
BEGIN = datetime(2025, 11, 10, tzinfo=UTC)


class SampleDataError(Exception):
    """A data file contradicts itself."""


def load(session: Session) -> int:
    """Add the missing ingredients and recipes; returns the number of recipes added."""
    ingredients = _load_ingredients(session)
    files = {path.stem: path for path in sorted((FOLDER / "recipes").glob("*.toml"))}
    present = {
        recipe.sample_key: recipe
        for recipe in session.scalars(select(Recipe).where(Recipe.sample_key.is_not(None)))
    }
    stale = [recipe for key, recipe in present.items() if _add_tags(recipe, files.get(key))]
    added = []
    for key in files.keys() - present.keys():
        try:
            added.append(_recipe(key, _read(files[key]), ingredients))
        except (KeyError, ValueError) as error:
            raise SampleDataError(f"{files[key].name}: {error}") from error
    session.add_all(sorted(added, key=lambda recipe: recipe.sample_key))
    session.flush()
    derived.refresh(recipe.id for recipe in (*stale, *added))
    return len(added)


def _load_ingredients(session: Session) -> dict[str, Ingredient]:
    query = select(Ingredient).options(selectinload(Ingredient.prices))
    ingredients = {ingredient.name: ingredient for ingredient in session.scalars(query)}
    history = _read(FOLDER / "price_history.toml")
    for name, sold in _read(FOLDER / "ingredients.toml").items():
        prices = _prices(sold, history.get(name, {}))
        if name not in ingredients:
            ingredients[name] = _same(name, sold["unit"]) or _added(session, name, sold["unit"], prices)
        elif _is_rounded(ingredients[name], prices[-1]):
            ingredients[name].prices = prices
        if ingredients[name].tablespoon_grams is None and "tablespoon" in sold:
            ingredients[name].tablespoon_grams = Decimal(sold["tablespoon"])
        if ingredients[name].aisle is None:
            ingredients[name].aisle = sold["aisle"]
        # Names of a cook's ingredient stay with it.
        for alias in sold.get("aliases", []):
            if ingredient_names.find(alias) is None:
                ingredient_names.claim(ingredients[name].id, alias)
    return ingredients


def _same(name: str, unit: str) -> Ingredient | None:
    """An ingredient that a cook added with another spelling of the name, if it has the same unit."""
    found = ingredient_names.find(name)
    return found if found is not None and found.unit == unit else None


def _added(session: Session, name: str, unit: str, prices: list[IngredientPrice]) -> Ingredient:
    ingredient = new_ingredient(name, unit, *prices)
    session.add(ingredient)
    session.flush()
    if ingredient_names.find(name) is None:
        ingredient_names.claim(ingredient.id, name)
    return ingredient


def _prices(sold: Mapping[str, Any], history: Mapping[str, int]) -> list[IngredientPrice]:
    """All prices of an ingredient, the oldest first, without future dates (by this machine's clock)."""
    dated = [(datetime.fromisoformat(day).replace(tzinfo=UTC), price) for day, price in history.items()]
    known = [*sorted(dated), (SURVEY, sold["price"])]
    known[0] = (BEGIN, known[0][1])
    now = datetime.now(UTC)
    return [IngredientPrice(price=price, per=Decimal(sold["per"]), at=min(at, now)) for at, price in known]


def _is_rounded(ingredient: Ingredient, sample: IngredientPrice) -> bool:
    """Whether the only known price is the sample's in the form of schema 0001: for one unit, rounded."""
    if len(ingredient.prices) != 1:
        return False
    [kept] = ingredient.prices
    exact = price_per_unit(sample.price, sample.per)
    return (kept.price, kept.per) != (sample.price, sample.per) and Decimal(kept.price) / kept.per == exact


def _add_tags(recipe: Recipe, path: Path | None) -> bool:
    """Add the tags to a sample recipe of schema 0001, which had no tags; return whether it did."""
    if path is None or recipe.tags or recipe.version != 1:
        return False
    recipe.tags = _read(path)["tags"]
    return True


def _recipe(key: str, data: dict[str, Any], ingredients: dict[str, Ingredient]) -> Recipe:
    return Recipe(
        sample_key=key,
        title=data["title"],
        summary=data["summary"],
        servings=data["servings"],
        cook_minutes=data["cook_minutes"],
        tags=data["tags"],
        ingredients=[
            RecipeIngredient(position=position, ingredient=ingredients[name], quantity=quantity, unit=unit)
            for position, (name, quantity, unit) in enumerate(data["ingredients"], start=1)
        ],
        steps=[Step(position=position, text=step) for position, step in enumerate(data["steps"], start=1)],
    )


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)
