"""Probes for the kubelet. Liveness checks no dependency: a restart would not repair a database.

Failed readiness probes count as dependency errors, like failed requests. While no pod is ready, no requests
arrive, and an alert on these counters must keep firing.
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
# Any revision is accepted: during a rollout, pods of both versions are ready.
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
    """PostgreSQL answers. The state of Redis is only reported: recipes can be read without Redis."""
    redis = _redis_state()  # first, so that its errors count even if PostgreSQL is down too
    circuit_breaker.bypass_breaker()  # a refusal would keep the pod unready until the next probe
    try:
        revision = db.session.scalar(_REVISION)
    except SQLAlchemyError as error:
        if not lacks_schema(error):
            metrics.DATABASE_ERRORS.inc()
            log.warning("not ready: PostgreSQL does not respond: %s", error)
            raise Problem(
                503, "not-ready", "PostgreSQL does not answer.", database="unavailable", redis=redis
            ) from error
        revision = None
    if revision is None:
        metrics.DATABASE_ERRORS.inc()
        log.warning("not ready: the database has no schema yet; `flask release` creates it")
        raise Problem(503, "not-ready", "The database has no schema yet.", database="empty", redis=redis)
    return {"status": "ok", "database": "ok", "redis": redis}


def _redis_state() -> str:
    try:
        redis_probe().ping()
    except RedisError as error:
        metrics.REDIS_ERRORS.inc()
        log.warning("Redis does not respond: %s", error)
        return "unavailable"
    return "ok"
