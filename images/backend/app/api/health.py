"""What the kubelet asks. Liveness asks nobody else: a restart would not bring a database back.

Readiness counts what it misses as a request would: while no pod is ready no request comes, and an alert on
these counters must not end with that.
"""

from __future__ import annotations

import logging

import marshmallow as ma
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from .. import circuit_breaker, metrics
from ..extensions import redis_probe
from ..models import db
from ..problems import Problem, lacks_schema
from .blueprint import Blueprint
from .fields import Schema

log = logging.getLogger(__name__)
# Any will do: while one version replaces another, the pods of both are ready.
_REVISION = text("SELECT version_num FROM alembic_version LIMIT 1")
blueprint = Blueprint("health", __name__, description="Probes")


class LiveSchema(Schema):
    status = ma.fields.String(required=True)


class ReadySchema(LiveSchema):
    database = ma.fields.String(required=True)
    redis = ma.fields.String(required=True, metadata={"description": "`ok` or `unavailable`"})


@blueprint.get("/live")
@blueprint.response(200, LiveSchema)
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/ready")
@blueprint.response(200, ReadySchema)
@blueprint.alt_response(503, "SERVICE_UNAVAILABLE")
def ready() -> dict[str, str]:
    """PostgreSQL answers. Redis is reported only: without it recipes can still be read."""
    redis = _redis_state()  # first, so that it counts although PostgreSQL is gone as well
    circuit_breaker.insist()  # the kubelet asks again only after seconds, and meanwhile nobody is sent here
    try:
        revision = db.session.scalar(_REVISION)
    except SQLAlchemyError as error:
        if not lacks_schema(error):
            metrics.DATABASE_ERRORS.inc()
            log.warning("not ready, PostgreSQL does not answer: %s", error)
            raise Problem(
                503, "not-ready", "PostgreSQL does not answer.", database="unavailable", redis=redis
            ) from error
        revision = None
    if revision is None:
        metrics.DATABASE_ERRORS.inc()
        log.warning("not ready, the database has no schema yet: `flask release` makes it")
        raise Problem(503, "not-ready", "The database has no schema yet.", database="empty", redis=redis)
    return {"status": "ok", "database": "ok", "redis": redis}


def _redis_state() -> str:
    try:
        redis_probe().ping()
    except RedisError as error:
        metrics.REDIS_ERRORS.inc()
        log.warning("Redis does not answer: %s", error)
        return "unavailable"
    return "ok"
