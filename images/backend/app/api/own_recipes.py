"""The recipes of the logged-in user: written by the user, and favourites."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from .. import favourites, recipes
from ..models import User
from .blueprint import Blueprint
from .login_required import login_required
from .numbers import QueryWhole
from .pages import PageArguments, PageSchema
from .recipe_schemas import RecipePageSchema
from .recipes import ONE

blueprint = Blueprint("own-recipes", __name__, description="Recipes of the logged-in user")
# The largest page of ids, and the default: a page of the previous version takes the first one for all ids.
MAX_IDS = 1000


class OwnRecipesArguments(PageArguments):
    orders = {"newest": recipes.ORDERS["newest"]}  # noqa: RUF012 - PageArguments declares it a ClassVar


class FavouritesArguments(PageArguments):
    orders = {"latest": favourites.LATEST}  # noqa: RUF012 - PageArguments declares it a ClassVar


class FavouriteIdsArguments(FavouritesArguments):
    limit = QueryWhole(load_default=MAX_IDS, validate=ma.validate.Range(1, MAX_IDS))


class FavouriteIdsSchema(PageSchema):
    ids = ma.fields.List(ma.fields.Integer(), required=True)


@blueprint.get("/recipes")
@login_required
@blueprint.arguments(OwnRecipesArguments, location="query")
@blueprint.response(200, RecipePageSchema)
def list_own_recipes(user: User, arguments: dict[str, Any]) -> dict[str, Any]:
    """A page of the user's recipes, newest first."""
    return recipes.list_recipes(author_id=user.id, **arguments)


@blueprint.get("/favourites")
@login_required
@blueprint.arguments(FavouritesArguments, location="query")
@blueprint.response(200, RecipePageSchema)
def list_favourites(user: User, arguments: dict[str, Any]) -> dict[str, Any]:
    """A page of the user's favourites, last added first."""
    return favourites.list_favourites(user.id, **arguments)


@blueprint.get("/favourites/ids")
@login_required
@blueprint.arguments(FavouriteIdsArguments, location="query")
@blueprint.response(200, FavouriteIdsSchema)
def list_favourite_ids(user: User, arguments: dict[str, Any]) -> dict[str, Any]:
    """A page of the ids of the user's favourites, last added first, to mark them in lists of recipes."""
    return favourites.ids(user.id, **arguments)


@blueprint.put(f"/favourites{ONE}")
@login_required
@blueprint.response(204)
@blueprint.alt_response(404, "NOT_FOUND")
def add_favourite(user: User, recipe_id: int) -> None:
    """Add a recipe to the favourites. A favourite keeps its position."""
    favourites.add(user.id, recipe_id)


@blueprint.delete(f"/favourites{ONE}")
@login_required
@blueprint.response(204)
def remove_favourite(user: User, recipe_id: int) -> None:
    """Remove a recipe from the favourites. The id of another recipe, or of no recipe, is not an error."""
    favourites.remove(user.id, recipe_id)
