"""Sign-up, login, refresh and logout.

The access token goes into the body, the refresh token into a cookie.
"""

from __future__ import annotations

import marshmallow as ma
from flask import Response, jsonify

from .. import accounts, limits, sessions
from ..models import User, db
from ..passwords import hash_password, needs_rehash, verify_password
from ..problems import Problem, unauthorized
from ..sessions import Session
from ..tokens import issue_access_token
from . import refresh_cookie
from .blueprint import Blueprint
from .fields import Email, Schema
from .login_required import session_ended, session_required
from .users import GivenPassword, Name, NewPassword, UserSchema

blueprint = Blueprint("auth", __name__, description="Accounts and sessions")


class SignupSchema(Schema):
    email = Email(required=True)
    password = NewPassword(required=True)
    name = Name(required=True)


class SignedUpUserSchema(Schema):
    email = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class SignedUpSchema(Schema):
    user = ma.fields.Nested(SignedUpUserSchema, required=True)


class LoginSchema(Schema):
    email = Email(required=True)
    password = GivenPassword(required=True)


class LoggedInSchema(Schema):
    access_token = ma.fields.String(required=True)
    user = ma.fields.Nested(UserSchema, required=True)


@blueprint.post("/signup")
@blueprint.arguments(SignupSchema)
@blueprint.response(201, SignedUpSchema)
@blueprint.alt_response(429, "TOO_MANY_REQUESTS")
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def signup(account: dict[str, str]) -> dict[str, dict[str, str]]:
    """Make an account; the client logs in next.

    Nothing in the answer tells whether there was one with this address, which stays as it is.
    """
    # PostgreSQL first, here and below: a request that fails must not have used up anything.
    db.session.connection()
    limits.Attempt(limits.SIGNUP, account["email"])
    accounts.add(account["email"], account["name"], hash_password(account["password"]))
    db.session.commit()
    return {"user": account}


@blueprint.post("/login")
@blueprint.arguments(LoginSchema)
@blueprint.response(200, LoggedInSchema)
@blueprint.alt_response(401, "UNAUTHORIZED")
@blueprint.alt_response(429, "TOO_MANY_REQUESTS")
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def login(credentials: dict[str, str]) -> Response:
    """Open a session. An unknown account and a wrong password get the same answer, after the same work."""
    user, password = accounts.find(credentials["email"]), credentials["password"]
    attempt = limits.Attempt(limits.PASSWORD, credentials["email"])
    verified = user and user.password_hash
    if not verify_password(verified, password):
        raise _credentials_wrong()
    attempt.succeeded()
    if needs_rehash(verified):
        accounts.replace_password_hash(user, verified, hash_password(password))
    # Nothing stays locked while the session opens: a change of the password goes first or comes after.
    db.session.commit()
    user_id = user.id
    session = sessions.start(user_id)
    # It ends all sessions with the row locked. One that was opened after that is seen here.
    current = accounts.lock_password_hash(user_id)
    if current != verified and not verify_password(current, password):
        sessions.revoke(session.refresh_token)
        raise _credentials_wrong()
    return _logged_in(user, session)


@blueprint.post("/refresh")
@blueprint.doc(security=[{"refreshCookie": []}])
@blueprint.response(200, LoggedInSchema)
@blueprint.alt_response(401, "UNAUTHORIZED")
@blueprint.alt_response(409, "CONFLICT")
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def refresh() -> Response:
    """Exchange the refresh token for the next one and a new access token.

    409: another tab has just done so; try once more, with the cookie it got.
    """
    db.session.connection()
    try:
        session = sessions.rotate(refresh_cookie.read())
    except sessions.Superseded as error:
        raise Problem(
            409, "refresh-superseded", "The refresh token was just exchanged. Try again."
        ) from error
    user = db.session.get(User, session.user_id) if session else None
    if user is None:
        raise session_ended()
    return _logged_in(user, session)


@blueprint.post("/logout")
@blueprint.doc(security=[{"refreshCookie": []}, {}])
@blueprint.response(204)
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def logout() -> Response:
    """End the session of the refresh token. Without one there is nothing to do."""
    token = refresh_cookie.read()
    if token:
        sessions.revoke(token)
    return refresh_cookie.clear(Response(status=204))


@blueprint.post("/logout-all")
@blueprint.response(204)
@session_required
def logout_all(user: User, session_id: str) -> Response:
    """End all sessions of the account, on every device."""
    sessions.revoke_all(user.id)
    return refresh_cookie.clear(Response(status=204))


def _logged_in(user: User, session: Session) -> Response:
    body = LoggedInSchema().dump({"access_token": issue_access_token(user.id, session.id), "user": user})
    return refresh_cookie.write(jsonify(body), session.refresh_token)


def _credentials_wrong() -> Problem:
    return unauthorized("credentials-wrong", "The e-mail address or the password is wrong.")
