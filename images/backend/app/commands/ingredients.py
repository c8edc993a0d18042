"""`flask ingredients`: merge, rename and remove ingredients, given by id, name or alias."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click
from flask.cli import AppGroup
from marshmallow import ValidationError

from .. import catalogue
from ..aisles import Aisle
from ..api.ingredients import NewIngredientSchema
from ..models import db
from .group import commands_of

ingredients = AppGroup("ingredients", help="Merge, rename and remove ingredients.")


_command = commands_of(ingredients)
_NAME = NewIngredientSchema().fields["name"]


@_command("duplicates")
def duplicates() -> None:
    """List ingredients whose names differ only in white space, case and spelling, or are another's alias."""
    groups = catalogue.duplicates()
    for group in groups:
        click.echo(" = ".join(f"{one.name!r} (id {one.id}, by {one.unit})" for one in group))
    click.echo(f"{len(groups)} names that several ingredients have")


@_command("merge")
@click.argument("kept")
@click.argument("others", nargs=-1, required=True)
def merge(kept: str, others: tuple[str, ...]) -> None:
    """Merge OTHERS into KEPT, which gets their recipes, prices and names."""
    first, *rest = catalogue.resolve([kept, *others])
    name = first.name
    distinct = list(dict.fromkeys(rest))
    changed = catalogue.merge(first, distinct)
    click.echo(f"{name!r} has taken in {len(distinct)} ingredients; {changed} recipes changed")


@_command("rename")
@click.argument("ingredient")
@click.argument("name")
def rename(ingredient: str, name: str) -> None:
    """Rename INGREDIENT to NAME. The old name becomes an alias."""
    [found] = catalogue.resolve([ingredient])
    old, new = found.name, _valid(name)
    catalogue.rename(found, new)
    click.echo(f"{old!r} is called {new!r} now")


@_command("alias")
@click.argument("ingredient")
@click.argument("name")
@click.option("--remove", "removes", is_flag=True, help="Remove the alias.")
def alias(ingredient: str, name: str, removes: bool) -> None:
    """Add NAME as an alias of INGREDIENT."""
    [found] = catalogue.resolve([ingredient])
    shown = found.name
    if removes:
        catalogue.remove_alias(found, name)
    else:
        name = _valid(name)
        catalogue.add_alias(found, name)
    click.echo(f"{shown!r} is {'no longer ' if removes else ''}found by {name!r}")


@_command("remove")
@click.argument("ingredient")
@click.option("--from-recipes", is_flag=True, help="Remove it from the recipes that contain it.")
def remove(ingredient: str, from_recipes: bool) -> None:
    """Remove INGREDIENT with its prices and names."""
    [found] = catalogue.resolve([ingredient])
    name = found.name
    changed = catalogue.remove(found, from_recipes=from_recipes)
    click.echo(f"{name!r} is removed, also from {changed} recipes")


@_command("weigh")
@click.argument("ingredient")
@click.argument("grams")
def weigh(ingredient: str, grams: str) -> None:
    """Set the weight of a tablespoon (15 ml) of INGREDIENT, in g."""
    [found] = catalogue.resolve([ingredient])
    name = found.name
    try:
        number = Decimal(grams)
    except InvalidOperation as error:
        raise catalogue.CatalogueError(f"{grams!r} is not a number of grams") from error
    users = catalogue.weigh(found, number)
    click.echo(f"a tablespoon of {name!r} weighs {grams} g now; {users} recipes have it")


@_command("aisle")
@click.argument("ingredient")
@click.argument("aisle", type=click.Choice([*map(str, Aisle), "none"]))
def aisle(ingredient: str, aisle: str) -> None:
    """Set the AISLE of INGREDIENT, for shopping lists; `none` clears it."""
    [found] = catalogue.resolve([ingredient])
    name = found.name
    found.aisle = None if aisle == "none" else aisle
    db.session.commit()
    click.echo(f"{name!r} is in the aisle {aisle} now")


def _valid(name: str) -> str:
    """The name as the API stores it, or an error if the API refuses it."""
    try:
        return _NAME.deserialize(name)
    except ValidationError as error:
        reasons = " ".join([*error.messages, "Invisible characters do not count."])
        raise catalogue.CatalogueError(f"the name {name!r} is refused: {reasons}") from error
