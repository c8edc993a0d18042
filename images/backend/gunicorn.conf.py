"""How Gunicorn runs the API; WEB_CONCURRENCY sets the number of workers."""

import os

from app import logs
from app.settings import THREADS_PER_WORKER

bind = "0.0.0.0:5000"

# Threads, since a keep-alive connection must not occupy a worker while it idles.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = THREADS_PER_WORKER
# The application is built once, before the fork: a bad environment ends the process at once
# with its message, and the workers share the memory.
preload_app = True
# The heartbeat files must not wait for a disk.
worker_tmp_dir = "/dev/shm"  # noqa: S108
# It would write a socket into a home folder that a read-only container does not have.
control_socket_disable = True

timeout = 90
graceful_timeout = 30
# Longer than a proxy keeps an idle connection (Nginx: 60 s), so that the proxy is the one to close it.
keepalive = 75

logconfig_dict = logs.CONFIG
