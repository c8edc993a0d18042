"""The rows of accounts.

Changes are single statements with their condition inside, so that of two at the same moment none undoes
the other. They are not committed here: whoever ends sessions too does so before, with the row locked.
"""

from __future__ import annotations

from sqlalchemy import Update, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from . import cache
from .models import User, db
from .problems import Problem, unauthorized


def gone() -> Problem:
    return unauthorized("token-invalid", "The account of this access token no longer exists.")


def find(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email))


def add(email: str, name: str, password_hash: str) -> None:
    """Make an account, or leave the one with this address as it is.

    Either way one row is written, with an equal value if it exists: whoever measures learns nothing.
    """
    statement = insert(User).values(email=email, name=name, password_hash=password_hash)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=[User.email], set_={"email": statement.excluded.email})
    )


def rename(user: User, name: str) -> bool:
    """False when the account is gone."""
    cache.clear_after_commit()  # recipes show their author's name
    return _changed(update(User).where(User.id == user.id).values(name=name))


def replace_password_hash(user: User, old: str, new: str) -> bool:
    """False when the hash is not the old one any more."""
    return _changed(
        update(User).where(User.id == user.id, User.password_hash == old).values(password_hash=new)
    )


def remove(user: User) -> None:
    """Delete an account; what belongs to it goes with it by its foreign keys."""
    cache.clear_after_commit()
    db.session.execute(delete(User).where(User.id == user.id))


def lock_password_hash(user_id: int) -> str | None:
    """The hash as it is now, once a change of the account that is under way has ended."""
    return db.session.scalar(select(User.password_hash).where(User.id == user_id).with_for_update(read=True))


def _changed(statement: Update) -> bool:
    return db.session.execute(statement).rowcount == 1
