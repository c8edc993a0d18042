from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Numeric, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..aisles import Aisle
from ..units import BASE_UNITS
from .base import Base, PrimaryKey


class Ingredient(Base):
    """Something one buys, priced by its base unit: g, ml or piece."""

    __tablename__ = "ingredients"
    __table_args__ = (
        CheckConstraint(f"unit IN ({', '.join(repr(str(unit)) for unit in BASE_UNITS)})", name="unit_base"),
        CheckConstraint("price_per_unit >= 0", name="price_not_negative"),
        CheckConstraint("tablespoon_grams > 0", name="tablespoon_positive"),
        CheckConstraint(f"aisle IN ({', '.join(repr(str(aisle)) for aisle in Aisle)})", name="aisle_known"),
    )

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(50), unique=True)
    unit: Mapped[str] = mapped_column(String(8))
    # Rounded; read only by code that uses schema version 0001, and removed with the support for it.
    price_per_unit: Mapped[Decimal] = mapped_column(Numeric(16, 4))
    # What a tablespoon of it (15 ml) weighs, in g; once it is known, only an operator changes it.
    tablespoon_grams: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    # Where a shop has it (app/aisles.py); null: not known.
    aisle: Mapped[str | None] = mapped_column(String(16))

    prices: Mapped[list[IngredientPrice]] = relationship(
        order_by="(IngredientPrice.at, IngredientPrice.id)",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class IngredientName(Base):
    """One of the names that an ingredient is found by: its own, or an alias such as 계란 of 달걀.

    Names that are one by their canonical form belong to one ingredient.
    """

    __tablename__ = "ingredient_names"

    canonical: Mapped[str] = mapped_column(Text, primary_key=True)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id", ondelete="CASCADE"), index=True)
    # As it was written.
    name: Mapped[str] = mapped_column(String(50))


class IngredientPrice(Base):
    """The price of a shop from `at` on: `price` won for `per` base units. The latest is the current price."""

    __tablename__ = "ingredient_prices"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("per > 0", name="per_positive"),
        Index(None, "ingredient_id", "at", "id"),
    )

    id: Mapped[PrimaryKey]
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id", ondelete="CASCADE"))
    price: Mapped[int] = mapped_column(BigInteger)
    per: Mapped[Decimal] = mapped_column(Numeric(16, 4))
    # Not now(): of two changes that wait for each other, the later one begins its transaction earlier.
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class PriceReport(Base):
    """The user who reported a price and may remove it. Deleted with the price, and with the account."""

    __tablename__ = "price_reports"

    price_id: Mapped[int] = mapped_column(
        ForeignKey("ingredient_prices.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
