"""`flask release`: migrations and data changes that run once, before pods of the new version start."""

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

from . import ingredient_names, sample_data, schema
from .models import db
from .recipes.derived import refresh_outdated

log = logging.getLogger(__name__)

# "hankki" as a number: the key of the advisory lock of each transaction that changes the schema or loads
# data.
LOCK_KEY = int.from_bytes(b"hankki")
# While a migration waits for a table lock, all later statements on that table wait too. So lock_timeout is
# less than the statement_timeout of requests (10 s): statements are delayed and do not fail. Requests without
# a connection may fail meanwhile (app/connection_pool.py). A failed migration can be repeated.
LOCK_TIMEOUT = "5s"
# Seconds: a pod's network may become ready after its container has started.
DATABASE_WAIT = 30.0


def take_lock(connection: Connection) -> None:
    """Wait until no other migration is running; the end of the transaction releases the lock."""
    # A migration may take longer than the timeouts of web requests.
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": LOCK_KEY}):
        log.info("release: waiting for another migration that is running on this database")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    connection.execute(text("SELECT set_config('lock_timeout', :most, true)"), {"most": LOCK_TIMEOUT})


@click.command("release")
@click.option("--sample-data", "with_sample_data", is_flag=True, help="Then add the sample recipes.")
@with_appcontext
def release(with_sample_data: bool) -> None:
    """Migrate the database to the latest schema. Safe to repeat and to run concurrently."""
    try:
        _wait_for_database()
        _migrate()
        # First, so that the name of a cook's ingredient does not become an alias of a sample ingredient.
        with db.session.begin():
            take_lock(db.session.connection())
            named = ingredient_names.fill()
        if with_sample_data:
            with db.session.begin():
                take_lock(db.session.connection())
                added = sample_data.load(db.session)
            log.info("release: added %d sample recipes", added)
        log.info(
            "release: named %d ingredients, updated the search text of %d recipes", named, refresh_outdated()
        )
        with db.engine.connect() as connection:
            schema.report(schema.read(connection))
    except (SQLAlchemyError, CommandError, schema.TooOldError, sample_data.SampleDataError) as error:
        raise click.ClickException(f"release: {error}") from error


def _migrate() -> None:
    """Upgrade the schema, unless a later version has upgraded it further: this is then a rollback."""
    with db.engine.connect() as connection:
        found = schema.read(connection)
    found.check()
    if found.is_newer():
        log.info("release: the schema stays at %s; this version knows %s", found.revision, found.head)
        return
    upgrade()
    with db.engine.begin() as connection:
        take_lock(connection)
        schema.note_contracts(connection)
    log.info("release: the schema is up to date")


def init_app(app: Flask) -> None:
    app.cli.add_command(release)


def _wait_for_database() -> None:
    deadline = time.monotonic() + DATABASE_WAIT
    while not _database_responds(last_try=time.monotonic() > deadline):
        time.sleep(1)


def _database_responds(last_try: bool) -> bool:
    try:
        with db.engine.connect() as connection:
            connection.execute(select(1))
    except OperationalError as error:
        if last_try:
            raise
        log.warning("release: PostgreSQL is not reachable yet: %s", error.orig)
        return False
    return True
