#!/usr/bin/env bash
# Flask-SQLAlchemy 3.1.1 with SQLAlchemy 2.1.9: a pool_timeout below one second becomes none at all.
#
# SQLAlchemy accepts fractions of a second for pool_timeout. Flask-SQLAlchemy passes its engine options to engine_from_config,
# which is for texts from a file and converts this option to a whole number, even if it is a number already: 0.5 becomes 0,
# and 1.9 becomes 1. With 0 a request fails at once if the pool is empty, although a connection may be released a moment later.
#
# Observed:
#   create_engine: 0.5 s
#   Flask-SQLAlchemy: 0 s
#   a second connection: QueuePool limit of size 1 overflow 0 reached, connection timed out, timeout 0.00
#
# Exit: 0 as stated, 1 changed, 2 not tried.
set -euo pipefail
trap 'exit 2' ERR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check flask==3.1.3 flask-sqlalchemy==3.1.1 sqlalchemy==2.1.9
said=$(venv/bin/python - <<'PY'
import os

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import QueuePool, create_engine
from sqlalchemy.exc import TimeoutError

url = f"sqlite:///{os.getcwd()}/shop.db"
options = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "pool_timeout": 0.5}
print("create_engine:", create_engine(url, **options).pool.timeout(), "s")

app = Flask("shop")
app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=options)
database = SQLAlchemy(app)
with app.app_context():
    print("Flask-SQLAlchemy:", database.engine.pool.timeout(), "s")
    with database.engine.connect():
        try:
            database.engine.connect()
        except TimeoutError as error:
            print("a second connection:", str(error).partition(" (Background")[0])
PY
)
printf '%s\n' "$said"

[[ $said == "create_engine: 0.5 s
Flask-SQLAlchemy: 0 s
a second connection: QueuePool limit of size 1 overflow 0 reached, connection timed out, timeout 0.00" ]] || exit 1
