from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, ForeignKey, Integer, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class StoredShoppingList(Base):
    """The shopping list of an account, in the last version that a device stored."""

    __tablename__ = "shopping_lists"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    # Increases with each change, so that a device with an older version does not undo a change.
    version: Mapped[int] = mapped_column(Integer)
    # {"recipes": […], "ticks": […]}, as in OwnListSchema.
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
