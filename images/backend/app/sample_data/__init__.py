"""Sample recipes: Korean home dishes with real quantities and prices of 2026.

`ingredients.toml` lists what a shop asks (won for a quantity), `recipes/` has one dish a file. Loading adds
what is missing and changes nothing that is there, so a price or a recipe that was edited since is kept.
"""

from __future__ import annotations

import tomllib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..models import Ingredient, Recipe, RecipeIngredient, Step

FOLDER = Path(__file__).parent


class SampleDataError(Exception):
    """A data file contradicts itself."""


def load(session: Session) -> int:
    """Add the missing ingredients and recipes; returns the number of recipes added."""
    ingredients = _load_ingredients(session)
    present = set(session.scalars(select(Recipe.sample_key).where(Recipe.sample_key.is_not(None))))
    files = [path for path in sorted((FOLDER / "recipes").glob("*.toml")) if path.stem not in present]
    for path in files:
        try:
            session.add(_recipe(path.stem, _read(path), ingredients))
            session.flush()
        except (KeyError, ValueError) as error:
            raise SampleDataError(f"{path.name}: {error}") from error
    return len(files)


def _load_ingredients(session: Session) -> dict[str, Ingredient]:
    ingredients = {ingredient.name: ingredient for ingredient in session.scalars(select(Ingredient))}
    for name, sold in _read(FOLDER / "ingredients.toml").items():
        if name not in ingredients:
            price = (Decimal(sold["price"]) / sold["per"]).quantize(Decimal("0.0001"), ROUND_HALF_UP)
            ingredients[name] = Ingredient(name=name, unit=sold["unit"], price_per_unit=price)
            session.add(ingredients[name])
    return ingredients


def _recipe(key: str, data: dict[str, Any], ingredients: dict[str, Ingredient]) -> Recipe:
    return Recipe(
        sample_key=key,
        title=data["title"],
        summary=data["summary"],
        servings=data["servings"],
        cook_minutes=data["cook_minutes"],
        ingredients=[
            RecipeIngredient(position=position, ingredient=ingredients[name], quantity=quantity, unit=unit)
            for position, (name, quantity, unit) in enumerate(data["ingredients"], start=1)
        ],
        steps=[Step(position=position, text=step) for position, step in enumerate(data["steps"], start=1)],
    )


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)
