"""Routes for a logged-in user only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request

from ..models import User, db
from ..problems import unauthorized
from ..tokens import read_access_token
from .blueprint import Blueprint


def login_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Pass the user of the access token to the view as its first argument, or answer 401.

    Also states that in the OpenAPI document.
    """

    @wraps(view)
    def with_user(*args: Any, **kwargs: Any) -> Any:
        return view(_current_user(), *args, **kwargs)

    return Blueprint.doc(security=[{"bearer": []}], responses={401: "UNAUTHORIZED"})(with_user)


def _current_user() -> User:
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer" or not authorization.token:
        raise unauthorized("token-missing", "This needs an access token: Authorization: Bearer <token>.")
    user = db.session.get(User, read_access_token(authorization.token))
    if user is None:
        raise unauthorized("token-invalid", "The account of this access token no longer exists.")
    return user
