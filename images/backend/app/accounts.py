"""Accounts in the database.

Each change is a single statement with its condition, so that concurrent changes do not overwrite each other.
The caller commits. A caller that also ends sessions does so before the commit, while the row is locked.
"""

from __future__ import annotations

from sqlalchemy import Update, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from . import cache
from .models import User, db
from .problems import Problem, unauthorized


def not_found() -> Problem:
    return unauthorized("token-invalid", "The account of this access token no longer exists.")


def find(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email))


def add(email: str, name: str, password_hash: str) -> None:
    """Create an account. An existing account with this address is not changed.

    Both cases write one row, so that the response time does not reveal whether the account exists.
    """
    statement = insert(User).values(email=email, name=name, password_hash=password_hash)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=[User.email], set_={"email": statement.excluded.email})
    )


def rename(user: User, name: str) -> bool:
    """False if the account does not exist."""
    cache.clear_after_commit()  # recipes show the author's name
    return _changed(update(User).where(User.id == user.id).values(name=name))


def replace_password_hash(user: User, old: str, new: str) -> bool:
    """False if the hash has changed since."""
    return _changed(
        update(User).where(User.id == user.id, User.password_hash == old).values(password_hash=new)
    )


def remove(user: User) -> None:
    """Delete an account; its foreign keys delete the rows that belong to it."""
    cache.clear_after_commit()
    db.session.execute(delete(User).where(User.id == user.id))


def lock_password_hash(user_id: int) -> str | None:
    """The current hash, after any concurrent change of the account has ended."""
    return db.session.scalar(select(User.password_hash).where(User.id == user_id).with_for_update(read=True))


def _changed(statement: Update) -> bool:
    return db.session.execute(statement).rowcount == 1
