from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from ..units import UNITS, Sale, Unit, amount
from .base import Base, CreatedAt, PrimaryKey
from .ingredient import Ingredient

# The units of the previous version, and the range of its column `quantity`.
PREVIOUS_UNITS = ("g", "kg", "ml", "l", "tsp", "tbsp", "piece")
LEAST, MOST = Decimal("0.001"), Decimal("9999999.999")
MEASURED_UNITS = tuple(str(unit) for unit in Unit)


class Recipe(Base):
    __tablename__ = "recipes"
    __table_args__ = (
        CheckConstraint("servings BETWEEN 1 AND 100", name="servings_range"),
        CheckConstraint("cook_minutes BETWEEN 1 AND 10080", name="cook_minutes_range"),
        # One index for each order of a list.
        Index(None, "cost_per_meal", "id"),
        Index(None, "cook_minutes", "id"),
        Index(None, "author_id", "id"),
        Index("ix_recipes_tags", "tags", postgresql_using="gin"),
    )

    id: Mapped[PrimaryKey]
    # Set for sample recipes only: the loader identifies an existing recipe by it.
    sample_key: Mapped[str | None] = mapped_column(String(50), unique=True)
    title: Mapped[str] = mapped_column(String(100))
    summary: Mapped[str] = mapped_column(String(300))
    servings: Mapped[int]
    cook_minutes: Mapped[int]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    # None for a sample recipe. Deleting an account deletes its recipes.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    # Counts the edits: an edit of an outdated copy is a conflict.
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    # Derived columns, to search and sort by; app/recipes/derived.py updates both.
    search_text: Mapped[str] = mapped_column(Text, server_default=text("''"))
    cost_per_meal: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))

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
    """The quantity of an ingredient for the whole recipe, in the unit that the cook chose.

    `quantity` and `unit` are for pods of the previous version, which know neither cups nor the weight of a
    spoon. If these pods do not know the cook's unit or cannot convert it, `measured_quantity` and
    `measured_unit` contain the cook's amount, and `quantity` and `unit` contain it in the unit of sale,
    rounded. `chosen_quantity` and `chosen_unit` are the cook's amount in both cases.
    """

    __tablename__ = "recipe_ingredients"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(f"unit IN ({', '.join(map(repr, PREVIOUS_UNITS))})", name="unit_known"),
        CheckConstraint(f"measured_unit IN ({', '.join(map(repr, MEASURED_UNITS))})", name="measured_known"),
        CheckConstraint("measured_quantity >= 0", name="measured_not_negative"),
        CheckConstraint("(measured_unit IS NULL) = (measured_quantity IS NULL)", name="measured_whole"),
    )

    recipe_id: Mapped[int] = mapped_column(ForeignKey("recipes.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Numeric(10, 3))
    unit: Mapped[str] = mapped_column(String(8))
    measured_quantity: Mapped[Decimal | None] = mapped_column(Numeric(10, 3))
    measured_unit: Mapped[str | None] = mapped_column(String(8))
    chosen_quantity: Mapped[Decimal] = column_property(func.coalesce(measured_quantity, quantity))
    chosen_unit: Mapped[str] = column_property(func.coalesce(measured_unit, unit))

    ingredient: Mapped[Ingredient] = relationship()

    def __init__(self, *, position: int, ingredient: Ingredient, quantity: Decimal, unit: str) -> None:
        sale = Sale(ingredient.unit, ingredient.tablespoon_grams)
        sold = amount(ingredient.name, quantity, unit, sale)
        super().__init__(position=position, ingredient=ingredient, quantity=quantity, unit=unit)
        if unit not in PREVIOUS_UNITS or UNITS[Unit(unit)].base != sale.unit:
            self.measured_quantity, self.measured_unit = quantity, unit
            rounded = round(Decimal(sold.numerator) / sold.denominator, 3)
            self.quantity, self.unit = min(max(LEAST, rounded), MOST), sale.unit
