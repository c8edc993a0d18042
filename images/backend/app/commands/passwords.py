"""`flask reset-password`: for a forgotten password, because the site sends no mail."""

from __future__ import annotations

import secrets

import click
from flask.cli import with_appcontext

from .. import accounts, limits, sessions
from ..models import db
from ..passwords import hash_password


@click.command("reset-password")
@click.argument("email")
@with_appcontext
def reset_password(email: str) -> None:
    """Give the account of EMAIL a new password, print it once, and end all its sessions.

    The number of wrong passwords starts again at 0.
    """
    user = accounts.find(email.strip().lower())
    if user is None:
        raise click.ClickException(f"there is no account {email!r}")
    password = secrets.token_urlsafe(12)
    if not accounts.replace_password_hash(user, user.password_hash, hash_password(password)):
        raise click.ClickException("the password was changed at the same moment; nothing was done")
    # Before the commit, like a change by the user: if Redis fails, nothing has changed.
    sessions.revoke_all(user.id)
    limits.reset(limits.PASSWORD, user.email)
    db.session.commit()
    click.echo(f"The new password of {user.email} is: {password}")
    click.echo("All sessions of the account have ended. Tell the cook to choose a password of their own.")
