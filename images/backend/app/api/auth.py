"""Sign-up, login, refresh and logout.

The access token goes into the body, the refresh token into a cookie that no script can read and that
the browser sends to these routes only.
"""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, current_app, jsonify, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from .. import sessions
from ..models import User, db
from ..passwords import hash_password, needs_rehash, verify_password
from ..problems import Problem, unauthorized
from ..tokens import issue_access_token
from .blueprint import Blueprint
from .fields import Email, Password, Schema, Text
from .users import UserSchema

PREFIX = "/api/v1/auth"
COOKIE_NAME = "refreshToken"

blueprint = Blueprint("auth", __name__, description="Accounts and sessions")


class SignupSchema(Schema):
    email = Email(required=True)
    # The upper bound keeps the work of hashing bounded.
    password = Password(required=True, load_only=True, validate=ma.validate.Length(8, 128))
    name = Text(required=True, validate=ma.validate.Length(1, 50))


class SignedUpSchema(Schema):
    user = ma.fields.Nested(UserSchema, required=True)


class LoginSchema(Schema):
    email = Email(required=True)
    password = Password(required=True, load_only=True, validate=ma.validate.Length(1, 128))


class LoggedInSchema(Schema):
    access_token = ma.fields.String(required=True)
    user = ma.fields.Nested(UserSchema, required=True)


@blueprint.post("/signup")
@blueprint.arguments(SignupSchema)
@blueprint.response(201, SignedUpSchema)
@blueprint.alt_response(409, "CONFLICT")
def signup(account: dict[str, str]) -> dict[str, User]:
    """Make an account; the client logs in next."""
    user = User(
        email=account["email"], name=account["name"], password_hash=hash_password(account["password"])
    )
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError as error:
        raise Problem(409, "email-taken", "There is an account with this e-mail address.") from error
    return {"user": user}


@blueprint.post("/login")
@blueprint.arguments(LoginSchema)
@blueprint.response(200, LoggedInSchema)
@blueprint.alt_response(401, "UNAUTHORIZED")
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def login(credentials: dict[str, str]) -> Response:
    """Open a session. An unknown account and a wrong password get the same answer, after the same work."""
    sessions.ensure_available()
    user = db.session.scalar(select(User).where(User.email == credentials["email"]))
    if not verify_password(user and user.password_hash, credentials["password"]):
        raise unauthorized("credentials-wrong", "The e-mail address or the password is wrong.")
    if needs_rehash(user.password_hash):
        user.password_hash = hash_password(credentials["password"])
        db.session.commit()
    return _logged_in(user, sessions.start(user.id))


@blueprint.post("/refresh")
@blueprint.doc(security=[{"refreshCookie": []}])
@blueprint.response(200, LoggedInSchema)
@blueprint.alt_response(401, "UNAUTHORIZED")
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def refresh() -> Response:
    """Exchange the refresh token for the next one and a new access token."""
    # PostgreSQL first: a request that fails must not have used up the token.
    db.session.connection()
    rotated = sessions.rotate(request.cookies.get(COOKIE_NAME, ""))
    user = db.session.get(User, rotated[0]) if rotated else None
    if user is None:
        raise unauthorized("session-ended", "There is no session, or it has ended. Log in again.")
    return _logged_in(user, rotated[1])


@blueprint.post("/logout")
@blueprint.doc(security=[{"refreshCookie": []}, {}])
@blueprint.response(204)
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def logout() -> Response:
    """End the session of the refresh token. Without one there is nothing to do."""
    token = request.cookies.get(COOKIE_NAME)
    if token:
        sessions.revoke(token)
    response = Response(status=204)
    response.delete_cookie(COOKIE_NAME, **_cookie_scope())
    return response


def _logged_in(user: User, refresh_token: str) -> Response:
    body = LoggedInSchema().dump({"access_token": issue_access_token(user.id), "user": user})
    response = jsonify(body)
    response.set_cookie(COOKIE_NAME, refresh_token, max_age=sessions.LIFETIME, **_cookie_scope())
    return response


def _cookie_scope() -> dict[str, Any]:
    return {
        "path": PREFIX,
        "httponly": True,
        "samesite": "Lax",
        # A browser would drop a Secure cookie that came over plain HTTP.
        "secure": current_app.config["ALLOWED_ORIGIN"].startswith("https://"),
    }
