"""Decorators for routes that need a login. Each also documents its error responses in OpenAPI."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request

from .. import accounts, sessions
from ..models import User, db
from ..problems import Problem, unauthorized
from ..tokens import Claims, read_access_token
from .blueprint import Blueprint

View = Callable[..., Any]


def login_required(view: View) -> View:
    """Pass the user of the access token to the view as its first argument, or respond with 401."""

    @wraps(view)
    def with_user(*args: Any, **kwargs: Any) -> Any:
        return view(_user(_claims()), *args, **kwargs)

    return Blueprint.doc(security=[{"bearer": []}], responses={401: "UNAUTHORIZED"})(with_user)


def session_required(view: View) -> View:
    """Pass the user and the session's id; respond with 401 if the session has ended.

    An access token is valid for minutes after the end of its session; changes of an account need a live
    session.
    """

    @wraps(view)
    def with_session(*args: Any, **kwargs: Any) -> Any:
        claims = _claims()
        user = _user(claims)
        if not sessions.is_live(claims.session_id, user.id):
            raise session_ended()
        return view(user, claims.session_id, *args, **kwargs)

    responses = {401: "UNAUTHORIZED", 503: "SERVICE_UNAVAILABLE"}
    return Blueprint.doc(security=[{"bearer": []}], responses=responses)(with_session)


def session_ended() -> Problem:
    return unauthorized("session-ended", "There is no session, or it has ended. Log in again.")


def _claims() -> Claims:
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer" or not authorization.token:
        raise unauthorized("token-missing", "This needs an access token: Authorization: Bearer <token>.")
    return read_access_token(authorization.token)


def _user(claims: Claims) -> User:
    user = db.session.get(User, claims.user_id)
    if user is None:
        raise accounts.not_found()
    return user
