from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Numeric, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..aisles import Aisle
from ..units import BASE_UNITS
from .base import Base, PrimaryKey


class Ingredient(Base):
    """An ingredient, sold in a base unit: g, ml or piece."""

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
    # The weight of a tablespoon (15 ml), in g; only an operator changes a known weight.
    tablespoon_grams: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    # The aisle of a shop (app/aisles.py); null: unknown.
    aisle: Mapped[str | None] = mapped_column(String(16))

    prices: Mapped[list[IngredientPrice]] = relationship(
        order_by="(IngredientPrice.at, IngredientPrice.id)",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class IngredientName(Base):
    """A name of an ingredient, for searches: its own, or an alias such as 계란 of 달걀.

    Names with the same canonical form belong to one ingredient.
    """

    __tablename__ = "ingredient_names"

    canonical: Mapped[str] = mapped_column(Text, primary_key=True)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id", ondelete="CASCADE"), index=True)
    # The spelling of the cook or the operator.
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
    # Not now(), which is the start of the transaction: of two changes, the one that waits for the lock may
    # have started earlier.
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class PriceReport(Base):
    """The user who reported a price and may remove it. Deleted with the price, and with the account."""

    __tablename__ = "price_reports"

    price_id: Mapped[int] = mapped_column(
        ForeignKey("ingredient_prices.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
