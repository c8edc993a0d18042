"""Gunicorn's master serves the sum of all workers' metrics on a separate port."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Metric, start_wsgi_server
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

# No worker has the process id 0, so no worker's file has this name.
_FORMER_WORKERS = 0
# A scrape must not count an exited worker twice, from its own file and from the sum.
_files = Lock()


def _folder() -> Path:
    return Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])


def serve(address: str, port: int) -> WSGIServer:
    registry = CollectorRegistry()
    registry.register(_Collector())
    server, _ = start_wsgi_server(port, addr=address, registry=registry)
    return server


class _Collector:
    def collect(self) -> Iterable[Metric]:
        with _files:
            return MultiProcessCollector(None, str(_folder())).collect()


def absorb(pid: int) -> None:
    """Add an exited worker's counts to the sum of all exited workers and remove its files.

    So counters never decrease, and exited workers do not add files that each scrape must read.
    """
    with _files:
        mark_process_dead(pid)  # removes the gauges of live workers
        for kind in ("counter", "histogram"):
            file = _folder() / f"{kind}_{pid}.db"
            if file.exists():
                _add(file, _folder() / f"{kind}_{_FORMER_WORKERS}.db")
                file.unlink()


def _add(file: Path, sums: Path) -> None:
    total = MmapedDict(str(sums))
    try:
        for key, value, timestamp, _ in MmapedDict.read_all_values_from_file(str(file)):
            total.write_value(key, total.read_value(key)[0] + value, timestamp)
    finally:
        total.close()
