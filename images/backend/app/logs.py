"""Logs as one JSON object a line, on standard error, for the application and for Gunicorn."""

from __future__ import annotations

import json
import logging
import logging.config
from datetime import UTC, datetime
from typing import Any

from . import request_id

# JSON allows them unescaped, but some readers take them for the end of a line.
LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\u0085\u2028\u2029"}
_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            **self.fields(record),
        }
        if (current := request_id.current()) is not None:
            entry["request_id"] = current
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return _encode(entry).translate(LINE_ENDS)

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        return {"message": record.getMessage()}


class AccessFormatter(JsonFormatter):
    """Formats the values that app/gunicorn_logger.py passes as the record's arguments.

    Query string and headers are not logged: they may have search terms and tokens of users.
    """

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        atoms = record.args
        return {
            "method": atoms["m"],
            "path": atoms["U"],
            "status": int(atoms["s"]),
            "bytes": int(atoms["B"] or 0),
            "milliseconds": int(atoms["D"]) / 1000,
            "client": atoms["h"],
            "agent": atoms["a"],
            # The request context has ended; the response has the id.
            "request_id": atoms[f"{{{request_id.HEADER.lower()}}}o"],
        }


class ProbeFilter(logging.Filter):
    """Drops successful probes, which would be most of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        atoms = record.args
        return not (atoms["U"].startswith("/healthz/") and int(atoms["s"]) < 400)


CONFIG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonFormatter}, "access": {"()": AccessFormatter}},
    "filters": {"probes": {"()": ProbeFilter}},
    "handlers": {
        "json": {"class": "logging.StreamHandler", "formatter": "json"},
        "access": {"class": "logging.StreamHandler", "formatter": "access", "filters": ["probes"]},
    },
    "root": {"level": "WARNING", "handlers": ["json"]},
    "loggers": {
        "app": {"level": "INFO"},
        # SQLAlchemy names the logger of a pool after its class, and logs routine events there at INFO.
        "app.connection_pool": {"level": "WARNING"},
        "alembic.runtime.migration": {"level": "INFO"},
        "gunicorn.error": {"level": "INFO", "handlers": ["json"], "propagate": False},
        "gunicorn.access": {"level": "INFO", "handlers": ["access"], "propagate": False},
    },
}


def configure() -> None:
    logging.config.dictConfig(CONFIG)
