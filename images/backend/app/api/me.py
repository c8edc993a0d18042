"""The logged-in user's account."""

from __future__ import annotations

from flask import Response

from .. import accounts, limits, sessions
from ..models import User, db
from ..passwords import hash_password, verify_password
from ..problems import Problem
from . import refresh_cookie
from .blueprint import Blueprint
from .fields import BodySchema
from .login_required import login_required, session_required
from .users import GivenPassword, Name, NewPassword, UserSchema

blueprint = Blueprint("me", __name__, description="The logged-in user")


class ProfileSchema(BodySchema):
    name = Name(required=True)


class PasswordChangeSchema(BodySchema):
    current_password = GivenPassword(required=True)
    new_password = NewPassword(required=True)


class DeletionSchema(BodySchema):
    password = GivenPassword(required=True)


@blueprint.get("")
@blueprint.response(200, UserSchema)
@login_required
def me(user: User) -> User:
    """The user that the access token belongs to."""
    return user


@blueprint.patch("")
@session_required
@blueprint.arguments(ProfileSchema)
@blueprint.response(200, UserSchema)
def change_name(user: User, session_id: str, profile: dict[str, str]) -> User:
    """Change the name that other users see."""
    if not accounts.rename(user, profile["name"]):
        raise accounts.not_found()
    db.session.commit()
    return user


@blueprint.put("/password")
@session_required
@blueprint.arguments(PasswordChangeSchema)
@blueprint.response(204)
@blueprint.alt_response(429, "TOO_MANY_REQUESTS")
def change_password(user: User, session_id: str, change: dict[str, str]) -> None:
    """Change the password, and end all other sessions of the account."""
    verified = _check_password(user, change["current_password"])
    if not accounts.replace_password_hash(user, verified, hash_password(change["new_password"])):
        raise _password_wrong()  # a concurrent change came first
    # Before the commit: if Redis fails, nothing has changed, and no concurrent login can succeed (see login).
    sessions.revoke_all(user.id, but=session_id)
    db.session.commit()


@blueprint.post("/deletion")
@session_required
@blueprint.arguments(DeletionSchema)
@blueprint.response(204)
@blueprint.alt_response(429, "TOO_MANY_REQUESTS")
def delete_account(user: User, session_id: str, confirmation: dict[str, str]) -> Response:
    """Delete the account with its recipes, favourites and sessions."""
    _check_password(user, confirmation["password"])
    user_id = user.id
    accounts.remove(user)
    sessions.revoke_all(user_id)
    db.session.commit()
    return refresh_cookie.clear(Response(status=204))


def _check_password(user: User, password: str) -> str:
    """Return the hash that the password was checked against.

    It counts like a login, so that a stolen access token does not allow more guesses.
    """
    attempt = limits.Attempt(limits.PASSWORD, user.email)
    verified = user.password_hash
    if not verify_password(verified, password):
        raise _password_wrong()
    attempt.succeeded()
    return verified


def _password_wrong() -> Problem:
    # Not 401: the client would refresh its token and retry.
    return Problem(422, "password-wrong", "The current password is wrong.")
