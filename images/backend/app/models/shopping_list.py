from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, ForeignKey, Integer, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class KeptShoppingList(Base):
    """The shopping list of an account, as its devices last agreed on it."""

    __tablename__ = "shopping_lists"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    # Goes up with each change, so that a device that did not see the last one does not undo it.
    version: Mapped[int] = mapped_column(Integer)
    # {"recipes": […], "ticks": […]}, as OwnListSchema has them.
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
