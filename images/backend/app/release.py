"""`flask release`: what a new version needs done once, before any of its pods starts."""

from __future__ import annotations

import logging
import time

import click
from alembic.util.exc import CommandError
from flask import Flask
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from . import ingredient_names, sample_data
from .models import db
from .recipes.derived import refresh_outdated

log = logging.getLogger(__name__)

# "hankki" as a number. Whoever changes the schema or loads data holds it for the transaction.
LOCK_KEY = int.from_bytes(b"hankki")
# Whoever comes after a migration that waits for a table waits as well. So it waits for less than the 10 s
# that a request's statement may take: who has a connection is late, but not refused, as others are meanwhile
# (app/connection_pool.py). A release that fails can be repeated.
LOCK_TIMEOUT = "5s"
# A pod's network may be a moment behind its start.
DATABASE_WAIT = 30.0


def take_lock(connection: Connection) -> None:
    """Wait until no other release is at work; the end of the transaction lets the lock go."""
    # The limits of a web request are not those of a migration.
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": LOCK_KEY}):
        log.info("release: waits for another one that is at work on this database")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    connection.execute(text("SELECT set_config('lock_timeout', :most, true)"), {"most": LOCK_TIMEOUT})


@click.command("release")
@click.option("--sample-data", "with_sample_data", is_flag=True, help="Then add the sample recipes.")
@with_appcontext
def release(with_sample_data: bool) -> None:
    """Migrate the database to the newest schema. Safe to repeat, and to run twice at once."""
    try:
        _wait_for_database()
        upgrade()
        log.info("release: the schema is the newest")
        if with_sample_data:
            with db.session.begin():
                take_lock(db.session.connection())
                added = sample_data.load(db.session)
            log.info("release: %d sample recipes added", added)
        with db.session.begin():
            take_lock(db.session.connection())
            named = ingredient_names.fill()
        log.info("release: %d ingredients named, %d recipes made easier to find", named, refresh_outdated())
    except (SQLAlchemyError, CommandError, sample_data.SampleDataError) as error:
        raise click.ClickException(f"release: {error}") from error


def init_app(app: Flask) -> None:
    app.cli.add_command(release)


def _wait_for_database() -> None:
    deadline = time.monotonic() + DATABASE_WAIT
    while not _database_answers(last_try=time.monotonic() > deadline):
        time.sleep(1)


def _database_answers(last_try: bool) -> bool:
    try:
        with db.engine.connect() as connection:
            connection.execute(select(1))
    except OperationalError as error:
        if last_try:
            raise
        log.warning("release: PostgreSQL does not answer yet: %s", error.orig)
        return False
    return True
