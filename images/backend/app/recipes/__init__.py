"""Recipes: reading, writing, and what they cost."""

from .cost_history import cost_history
from .detail import get_recipe, get_recipes
from .estimate import estimate
from .movement import MOST as MOST_MOVED
from .movement import moved_by
from .search import ORDERS, list_recipes, list_tags
from .write import create, delete, update

__all__ = [
    "MOST_MOVED",
    "ORDERS",
    "cost_history",
    "create",
    "delete",
    "estimate",
    "get_recipe",
    "get_recipes",
    "list_recipes",
    "list_tags",
    "moved_by",
    "update",
]
