"""The logged-in user."""

from __future__ import annotations

from ..models import User
from .blueprint import Blueprint
from .login_required import login_required
from .users import UserSchema

blueprint = Blueprint("me", __name__, description="The logged-in user")


@blueprint.get("")
@blueprint.response(200, UserSchema)
@login_required
def me(user: User) -> User:
    """Who the access token belongs to."""
    return user
