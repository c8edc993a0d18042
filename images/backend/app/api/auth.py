"""Sign-up, login, refresh and logout.

The response has the access token in the body and the refresh token in a cookie. On request the body has the
refresh token too: a page on another site than the API has no cookie (docs/decisions/0014-refresh-tokens.md).
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
from .fields import BodySchema, Email, QuerySchema, Schema
from .login_required import session_ended, session_required
from .users import GivenPassword, Name, NewPassword, UserSchema

blueprint = Blueprint("auth", __name__, description="Accounts and sessions")


class SignupSchema(BodySchema):
    email = Email(required=True)
    password = NewPassword(required=True)
    name = Name(required=True)


class SignedUpUserSchema(Schema):
    email = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class SignedUpSchema(Schema):
    user = ma.fields.Nested(SignedUpUserSchema, required=True)


class LoginSchema(BodySchema):
    email = Email(required=True)
    password = GivenPassword(required=True)


class LoginQuerySchema(QuerySchema):
    refresh_token = ma.fields.String(
        validate=ma.validate.OneOf(["body"]),
        metadata={"description": "`body`: return the refresh token in the body too"},
    )


class RefreshTokenSchema(BodySchema):
    refresh_token = ma.fields.String(required=True)


class LogoutSchema(BodySchema):
    refresh_token = ma.fields.String()


class LoggedInSchema(Schema):
    access_token = ma.fields.String(required=True)
    refresh_token = ma.fields.String(
        metadata={"description": "only if the client requested it and its cookie is not known to work"}
    )
    user = ma.fields.Nested(UserSchema, required=True)


@blueprint.post("/signup")
@blueprint.arguments(SignupSchema)
@blueprint.response(201, SignedUpSchema)
@blueprint.alt_response(429, "TOO_MANY_REQUESTS")
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def signup(account: dict[str, str]) -> dict[str, dict[str, str]]:
    """Create an account. The client logs in next.

    An existing account with this address is not changed, and the response does not reveal that it exists.
    """
    # PostgreSQL first, here and below: a failed request must not use up an attempt or a token.
    db.session.connection()
    limits.Attempt(limits.SIGNUP, account["email"])
    accounts.add(account["email"], account["name"], hash_password(account["password"]))
    db.session.commit()
    return {"user": account}


@blueprint.post("/login")
@blueprint.arguments(LoginQuerySchema, location="query")
@blueprint.arguments(LoginSchema)
@blueprint.response(200, LoggedInSchema)
@blueprint.alt_response(401, "UNAUTHORIZED")
@blueprint.alt_response(429, "TOO_MANY_REQUESTS")
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def login(query: dict[str, str], credentials: dict[str, str]) -> Response:
    """Open a session. An unknown account and a wrong password get the same response, after the same time."""
    user, password = accounts.find(credentials["email"]), credentials["password"]
    attempt = limits.Attempt(limits.PASSWORD, credentials["email"])
    verified = user and user.password_hash
    if not verify_password(verified, password):
        raise _credentials_wrong()
    attempt.succeeded()
    if needs_rehash(verified):
        accounts.replace_password_hash(user, verified, hash_password(password))
    # Ends the transaction: no row is locked while the session is opened. A password change happens before or
    # after.
    db.session.commit()
    user_id = user.id
    session = sessions.start(user_id)
    # A password change ends all sessions while the row is locked. This check sees a change that came before.
    current = accounts.lock_password_hash(user_id)
    if current != verified and not verify_password(current, password):
        sessions.revoke(session.refresh_token)
        raise _credentials_wrong()
    return _logged_in(user, session, in_body="refresh_token" in query)


@blueprint.post("/refresh")
@blueprint.doc(security=[{"refreshCookie": []}])
@blueprint.response(200, LoggedInSchema)
@blueprint.alt_response(401, "UNAUTHORIZED")
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def refresh() -> Response:
    """Exchange the cookie's refresh token for the next one and a new access token.

    The token stays valid until the next one is used, so a client can repeat a request whose response was
    lost.
    """
    return _refreshed(refresh_cookie.read(), in_body=False)


@blueprint.post("/token")
@blueprint.arguments(RefreshTokenSchema)
@blueprint.response(200, LoggedInSchema)
@blueprint.alt_response(401, "UNAUTHORIZED")
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def refresh_in_body(given: dict[str, str]) -> Response:
    """Exchange the body's refresh token for the next one and a new access token.

    The response's body contains the next token, unless the request's cookie has the same token: then the
    client's cookie works.
    """
    token = given["refresh_token"]
    return _refreshed(token, in_body=token != refresh_cookie.read())


@blueprint.post("/logout")
@blueprint.doc(security=[{"refreshCookie": []}, {}])
@blueprint.arguments(LogoutSchema, required=False)
@blueprint.response(204)
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def logout(given: dict[str, str]) -> Response:
    """End the sessions of the cookie's refresh token and of the body's refresh token."""
    for token in {refresh_cookie.read(), given.get("refresh_token", "")} - {""}:
        sessions.revoke(token)
    return refresh_cookie.clear(Response(status=204))


@blueprint.post("/logout-all")
@blueprint.response(204)
@session_required
def logout_all(user: User, session_id: str) -> Response:
    """End all sessions of the account, on every device."""
    sessions.revoke_all(user.id)
    return refresh_cookie.clear(Response(status=204))


def _refreshed(token: str, *, in_body: bool) -> Response:
    db.session.connection()
    session = sessions.rotate(token)
    user = db.session.get(User, session.user_id) if session else None
    if user is None:
        raise session_ended()
    return _logged_in(user, session, in_body=in_body)


def _logged_in(user: User, session: Session, *, in_body: bool) -> Response:
    tokens = {"access_token": issue_access_token(user.id, session.id)}
    if in_body:
        tokens["refresh_token"] = session.refresh_token
    body = LoggedInSchema().dump({**tokens, "user": user})
    return refresh_cookie.write(jsonify(body), session.refresh_token)


def _credentials_wrong() -> Problem:
    return unauthorized("credentials-wrong", "The e-mail address or the password is wrong.")
