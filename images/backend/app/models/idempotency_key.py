from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, CreatedAt


class IdempotencyKey(Base):
    """A request that created an object, so that a repeated request does not create another."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index(None, "created_at"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    # A digest of the request.
    request: Mapped[bytes] = mapped_column(LargeBinary)
    # The id of the created object; null only until the end of the transaction.
    created_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[CreatedAt]
