"""What Prometheus reads: requests, the database pool, and failures of PostgreSQL and Redis.

Each worker counts in files of its own below PROMETHEUS_MULTIPROC_DIR (gunicorn.conf.py sets it), and the
master serves the sum of them on METRICS_PORT. Without that folder a process counts for itself only.
"""

from __future__ import annotations

import re
import time
from functools import cache

from flask import Flask, Response, g, request
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import Engine, event

REQUESTS = Counter("http_requests", "Requests answered", ["method", "route", "status"])
DURATION = Histogram(
    "http_request_duration_seconds",
    "Seconds from the request's head to the answer's, by route template",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
CONNECTIONS_IN_USE = Gauge(
    "database_connections_in_use",
    "Connections of the pools that a request holds",
    multiprocess_mode="livesum",
)
DATABASE_ERRORS = Counter(
    "database_errors", "Requests, probes too, that failed because PostgreSQL did not answer"
)
REDIS_ERRORS = Counter("redis_errors", "Uses of Redis that failed")

# Anything else a client may send as a method must not become a time series of its own.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_observe)


def watch_pool(engine: Engine) -> None:
    event.listen(engine, "checkout", lambda *_: CONNECTIONS_IN_USE.inc())
    event.listen(engine, "checkin", lambda *_: CONNECTIONS_IN_USE.dec())


def _begin() -> None:
    g.began = time.perf_counter()


def observe(method: str, route: str, status: str, began: float) -> None:
    """Count a request that is answered, and that came at `began` by time.perf_counter()."""
    REQUESTS.labels(method, route, status).inc()
    DURATION.labels(method, route, status).observe(time.perf_counter() - began)


def _observe(response: Response) -> Response:
    method = request.method if request.method in _METHODS else "other"
    route = template(request.url_rule.rule) if request.url_rule else "unmatched"
    observe(method, route, str(response.status_code), g.began)
    return response


@cache
def template(rule: str) -> str:
    """`/recipes/<int(min=1):recipe_id>` as the OpenAPI document has it: `/recipes/{recipe_id}`."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule)
