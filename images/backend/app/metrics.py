"""Metrics for Prometheus: requests, the database pool, and errors of PostgreSQL and Redis.

Each worker counts in its own files in PROMETHEUS_MULTIPROC_DIR (set by gunicorn.conf.py), and the master
serves their sum on METRICS_PORT. Without that folder each process has separate counts.
"""

from __future__ import annotations

import re
import time
from functools import cache

from flask import Flask, Response, g, request
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import Engine, event

REQUESTS = Counter("http_requests", "Finished requests", ["method", "route", "status"])
DURATION = Histogram(
    "http_request_duration_seconds",
    "Seconds from the request's headers to the response's, by route template",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
CONNECTIONS_IN_USE = Gauge(
    "database_connections_in_use",
    "Database connections held by requests",
    multiprocess_mode="livesum",
)
DATABASE_ERRORS = Counter(
    "database_errors", "Requests, including probes, that failed because PostgreSQL did not respond"
)
REDIS_ERRORS = Counter("redis_errors", "Failed Redis operations")

# Other methods that a client may send must not create time series.
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
    """Count a finished request that began at `began` (time.perf_counter())."""
    REQUESTS.labels(method, route, status).inc()
    DURATION.labels(method, route, status).observe(time.perf_counter() - began)


def _observe(response: Response) -> Response:
    method = request.method if request.method in _METHODS else "other"
    route = template(request.url_rule.rule) if request.url_rule else "unmatched"
    observe(method, route, str(response.status_code), g.began)
    return response


@cache
def template(rule: str) -> str:
    """`/recipes/<int(min=1):recipe_id>` in the form of the OpenAPI document: `/recipes/{recipe_id}`."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule)
