"""Runs the migrations on the application's own database connection."""

from alembic import context
from flask import current_app

from app.release import take_lock

database = current_app.extensions["migrate"].db

with database.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=database.metadata)
    with context.begin_transaction():
        # Before the version table is read, so that a release that waited for the lock sees the new version.
        take_lock(connection)
        context.run_migrations()
