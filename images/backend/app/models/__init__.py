"""The tables; importing this package registers all of them with Alembic."""

from .base import Base, db
from .ingredient import Ingredient
from .recipe import Recipe, RecipeIngredient, Step
from .user import User

__all__ = ["Base", "Ingredient", "Recipe", "RecipeIngredient", "Step", "User", "db"]
