"""How Gunicorn runs the API; WEB_CONCURRENCY sets the number of workers."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import struct
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

# Told before the metrics are imported, which open their files at once; and only once, for a reload reads
# this file again. /tmp outlives a container's restart: what a former master's workers counted is dropped.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    _metrics = Path(tempfile.gettempdir()) / "hankki-metrics"
    shutil.rmtree(_metrics, ignore_errors=True)
    _metrics.mkdir()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics)

from app import gunicorn_errors, logs, metrics_server
from app.settings import PORT, PROXIED_PORT, THREADS_PER_WORKER

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

# A malformed number is reported when the application is built, before any port is opened.
bind = [f"0.0.0.0:{PORT}"]
if os.environ.get("TRUSTED_PROXIES", "").strip("0"):
    bind.append(f"0.0.0.0:{os.environ.get('PROXIED_PORT', PROXIED_PORT)}")

# Threads, and a thread only for a request that has arrived whole (app/worker.py).
worker_class = "app.worker.Worker"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = THREADS_PER_WORKER
# The application is built once, before the fork: a bad environment ends the process at once
# with its message, and the workers share the memory.
preload_app = True
# The heartbeat files must not wait for a disk. Gunicorn gives them names that nobody can guess.
worker_tmp_dir = "/dev/shm"  # noqa: S108
# It would write a socket into a home folder that a read-only container does not have.
control_socket_disable = True

# Connections of a worker that wait for a request; one more, and the one that has waited longest is closed.
worker_connections = 1000
# Bytes of a request line, the most that Gunicorn reads, and as long as Nginx hands one on.
limit_request_line = 8190
# A container may begin with a soft limit of 1,024 open files, which a worker would reach first.
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (max(_soft, min(_hard, 2 * worker_connections)), _hard))

timeout = 90
graceful_timeout = 30
# Longer than a proxy keeps an idle connection (Nginx: 60 s), so that the proxy is the one to close it.
keepalive = 75

logconfig_dict = logs.CONFIG
logger_class = "app.gunicorn_logger.Logger"


# Options that accepted connections inherit. The connection of a client that has vanished ends within half a
# minute, whether the client owes a request or an answer is under way. The kernel's buffer holds a whole
# answer, so a slow client keeps no thread. Linux doubles its size, and takes memory only for what is in it.
_SOCKET_OPTIONS = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 15),  # seconds
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5),  # seconds
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000),  # milliseconds
    (socket.SOL_SOCKET, socket.SO_SNDBUF, 208 * 1024),  # bytes, the most that Linux grants by default
    (socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 5, 0)),  # seconds, for a larger answer
)


def on_starting(server: Arbiter) -> None:
    gunicorn_errors.init_gunicorn()


def when_ready(server: Arbiter) -> None:
    for listener in server.LISTENERS:
        for option in _SOCKET_OPTIONS:
            listener.setsockopt(*option)
    # All addresses, as the clients' port: who may come is the cluster's to say.
    server.metrics = metrics_server.serve("0.0.0.0", server.app.wsgi().config["METRICS_PORT"])  # noqa: S104


def post_fork(server: Arbiter, worker: Worker) -> None:
    server.metrics.server_close()  # only the master answers there


def child_exit(server: Arbiter, worker: Worker) -> None:
    metrics_server.absorb(worker.pid)
