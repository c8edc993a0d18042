"""Gunicorn's settings; WEB_CONCURRENCY sets the number of workers."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import struct
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

# Set before the import of the metrics, which opens their files, and only once, because a reload reads this
# file again. /tmp survives a restart of the process: the counts of a previous master's workers are removed.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    _metrics = Path(tempfile.gettempdir()) / "hankki-metrics"
    shutil.rmtree(_metrics, ignore_errors=True)
    _metrics.mkdir()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics)

from app import extensions, gunicorn_errors, logs, metrics_server
from app.settings import PORT, PROXIED_PORT, THREADS_PER_WORKER

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

# The application reports a malformed number when it is created, before a port is opened.
bind = [f"0.0.0.0:{PORT}"]
if os.environ.get("TRUSTED_PROXIES", "").strip("0"):
    bind.append(f"0.0.0.0:{os.environ.get('PROXIED_PORT', PROXIED_PORT)}")

# Threads; a request gets one only when it has arrived whole (app/worker.py).
worker_class = "app.worker.Worker"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = THREADS_PER_WORKER
# The application is created once, before the fork: an invalid environment ends the process at once
# with an error message, and the workers share the memory.
preload_app = True
# Heartbeat files must not wait for a disk. Gunicorn gives them random names.
worker_tmp_dir = "/dev/shm"  # noqa: S108
# The control socket is in the home folder, which does not exist in the read-only container.
control_socket_disable = True

# Waiting connections for each worker. One more closes the one with the longest waiting time.
worker_connections = 1000
# Bytes of a request line: Gunicorn's maximum, and the longest line that Nginx passes on.
limit_request_line = 8190
# A container may start with a soft limit of 1,024 open files, less than a worker needs.
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (max(_soft, min(_hard, 2 * worker_connections)), _hard))

timeout = 90
graceful_timeout = 30
# Seconds, longer than a proxy keeps an idle connection (Nginx: 60 s), so that the proxy closes it first.
keepalive = 75

logconfig_dict = logs.CONFIG
logger_class = "app.gunicorn_logger.Logger"


# Options that accepted connections inherit. The connection of a vanished client ends within 30 s, while it
# waits for a request and while a response is sent. The kernel's buffer holds a whole response, so a slow
# client does not block a thread. Linux doubles the size, and allocates memory only for the content.
_SOCKET_OPTIONS = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 15),  # seconds
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5),  # seconds
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000),  # milliseconds
    (socket.SOL_SOCKET, socket.SO_SNDBUF, 208 * 1024),  # bytes, the maximum that Linux allows by default
    (socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 5, 0)),  # seconds, for a larger response
)


def on_starting(server: Arbiter) -> None:
    gunicorn_errors.init_gunicorn()


def when_ready(server: Arbiter) -> None:
    for listener in server.LISTENERS:
        for option in _SOCKET_OPTIONS:
            listener.setsockopt(*option)
    # All addresses, like the port for clients: NetworkPolicies restrict the access.
    server.metrics = metrics_server.serve("0.0.0.0", server.app.wsgi().config["METRICS_PORT"])  # noqa: S104


def post_fork(server: Arbiter, worker: Worker) -> None:
    server.metrics.server_close()  # only the master serves metrics


def post_worker_init(worker: Worker) -> None:
    extensions.open_connections(worker.app.wsgi())  # before the worker accepts a connection


def child_exit(server: Arbiter, worker: Worker) -> None:
    metrics_server.absorb(worker.pid)
