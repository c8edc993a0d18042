from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, CreatedAt, PrimaryKey


class Favourite(Base):
    """A favourite recipe of a user; the order of the ids is that of the additions."""

    __tablename__ = "favourites"
    __table_args__ = (UniqueConstraint("user_id", "recipe_id"), Index(None, "user_id", "id"))

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    recipe_id: Mapped[int] = mapped_column(ForeignKey("recipes.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]
