#!/usr/bin/env bash
# SQLAlchemy 2.1.9: a custom pool class logs outside the logger "sqlalchemy".
#
# The documentation names "sqlalchemy.pool" as the logger of connection pools. But the logger is named after the class: for a
# subclass of QueuePool, as in poolclass=, it is MODULE.CLASS of the subclass. So a level or handler for "sqlalchemy" does not
# apply to it, and it has the level of the application: each lost connection, with its cause, and each dispose appear in the
# application's log.
#
# Observed, with the level ERROR for "sqlalchemy" and INFO for all else:
#   QueuePool: says nothing
#   ShopPool, which changes nothing: INFO shop.pool.ShopPool: Invalidate connection
#
# Exit: 0 as stated, 1 changed, 2 not tried.
set -euo pipefail
trap 'exit 2' ERR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sqlalchemy==2.1.9
mkdir shop
cat >shop/pool.py <<'PY'
from sqlalchemy import QueuePool


class ShopPool(QueuePool):
    """As QueuePool."""
PY
said=$(PYTHONPATH=. venv/bin/python - <<'PY'
import logging

from shop.pool import ShopPool
from sqlalchemy import QueuePool, create_engine

lines = []


class List(logging.Handler):
    def emit(self, record):
        lines.append(f"{record.levelname} {record.name}: {record.getMessage().partition(' <')[0]}")


logging.basicConfig(level=logging.INFO, handlers=[List()])
logging.getLogger("sqlalchemy").setLevel(logging.ERROR)


def told_by(pool):
    lines.clear()
    with create_engine("sqlite:///shop.db", poolclass=pool).connect() as connection:
        connection.invalidate(ConnectionError("the server was restarted"))
    return ", ".join(lines) or "says nothing"


print("QueuePool:", told_by(QueuePool))
print("ShopPool, which changes nothing:", told_by(ShopPool))
PY
)
printf '%s\n' "$said"

[[ $said == "QueuePool: says nothing
ShopPool, which changes nothing: INFO shop.pool.ShopPool: Invalidate connection" ]] || exit 1
