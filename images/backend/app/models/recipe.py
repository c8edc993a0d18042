from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..units import UNITS, require_same_dimension
from .base import Base, CreatedAt, PrimaryKey
from .ingredient import Ingredient


class Recipe(Base):
    __tablename__ = "recipes"
    __table_args__ = (
        CheckConstraint("servings BETWEEN 1 AND 100", name="servings_range"),
        CheckConstraint("cook_minutes BETWEEN 1 AND 10080", name="cook_minutes_range"),
    )

    id: Mapped[PrimaryKey]
    # Set for sample recipes only: what tells the loader that a recipe is there already.
    sample_key: Mapped[str | None] = mapped_column(String(50), unique=True)
    title: Mapped[str] = mapped_column(String(100))
    summary: Mapped[str] = mapped_column(String(300))
    servings: Mapped[int]
    cook_minutes: Mapped[int]
    created_at: Mapped[CreatedAt]

    steps: Mapped[list[Step]] = relationship(
        order_by="Step.position", cascade="all, delete-orphan", passive_deletes=True
    )
    ingredients: Mapped[list[RecipeIngredient]] = relationship(
        order_by="RecipeIngredient.position", cascade="all, delete-orphan", passive_deletes=True
    )


class Step(Base):
    __tablename__ = "steps"

    recipe_id: Mapped[int] = mapped_column(ForeignKey("recipes.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)


class RecipeIngredient(Base):
    """How much of an ingredient the whole recipe takes, in the unit a cook would say it in."""

    __tablename__ = "recipe_ingredients"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(f"unit IN ({', '.join(repr(str(unit)) for unit in UNITS)})", name="unit_known"),
    )

    recipe_id: Mapped[int] = mapped_column(ForeignKey("recipes.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Numeric(10, 3))
    unit: Mapped[str] = mapped_column(String(8))

    ingredient: Mapped[Ingredient] = relationship()

    def __init__(self, *, position: int, ingredient: Ingredient, quantity: Decimal, unit: str) -> None:
        require_same_dimension(ingredient.name, unit, ingredient.unit)
        super().__init__(position=position, ingredient=ingredient, quantity=quantity, unit=unit)
