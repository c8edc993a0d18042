"""The tables; importing this package registers all of them with Alembic."""

from .base import Base, db
from .favourite import Favourite
from .idempotency_key import IdempotencyKey
from .ingredient import Ingredient, IngredientName, IngredientPrice, PriceReport
from .recipe import Recipe, RecipeIngredient, Step
from .shopping_list import StoredShoppingList
from .user import User

__all__ = [
    "Base",
    "Favourite",
    "IdempotencyKey",
    "Ingredient",
    "IngredientName",
    "IngredientPrice",
    "PriceReport",
    "Recipe",
    "RecipeIngredient",
    "Step",
    "StoredShoppingList",
    "User",
    "db",
]
