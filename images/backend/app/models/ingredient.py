from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from ..units import BASE_UNITS
from .base import Base, PrimaryKey


class Ingredient(Base):
    """Something one buys, with its price in won for one base unit (1 g, 1 ml or 1 piece)."""

    __tablename__ = "ingredients"
    __table_args__ = (
        CheckConstraint(f"unit IN ({', '.join(repr(str(unit)) for unit in BASE_UNITS)})", name="unit_base"),
        CheckConstraint("price_per_unit >= 0", name="price_not_negative"),
    )

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(50), unique=True)
    unit: Mapped[str] = mapped_column(String(8))
    price_per_unit: Mapped[Decimal] = mapped_column(Numeric(12, 4))
