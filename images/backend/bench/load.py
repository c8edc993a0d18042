"""The load: wrk with keep-alive connections, each sending the next request as soon as it has a response."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from contextlib import nullcontext
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple

from slow_clients import beside

FOLDER = Path(__file__).parent
SCENARIOS = ("list", "detail", "mix")
# Seconds that are not measured: the first requests open connections and fill caches.
WARM_UP = 2


class Result(NamedTuple):
    rate: float  # responses per second
    p50: float  # milliseconds
    p99: float
    errors: float  # broken connections and responses that are not 2xx


class ResultWithProbes(NamedTuple):
    rate: float
    p50: float
    p99: float
    errors: float
    probe: float  # milliseconds, of the slowest liveness probe; each uses a new connection
    failed: float  # probes without a response within the kubelet's 3 s


def measure_beside_slow_clients(
    port: int, scenario: str, connections: int, seconds: int, *, slow: bool
) -> ResultWithProbes:
    """Like measure, with liveness probes, and if `slow` beside the default number of slow clients."""
    with beside(port) if slow else nullcontext(), _Probes(port) as probes:
        result = measure(port, scenario, connections, seconds)
    return ResultWithProbes(*result, max(probes.waits), probes.failed)


class _Probes(threading.Thread):
    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.waits: list[float] = []
        self.failed = 0
        self._port, self._ends = port, threading.Event()

    def __enter__(self) -> _Probes:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self.join()

    def run(self) -> None:
        while not self._ends.wait(0.1):
            began = time.monotonic()
            connection = HTTPConnection("127.0.0.1", self._port, timeout=3)
            try:
                connection.request("GET", "/healthz/live")
                self.failed += connection.getresponse().status != 200
            except (OSError, HTTPException):
                self.failed += 1
            finally:
                connection.close()
            self.waits.append(1000 * (time.monotonic() - began))


def measure(port: int, scenario: str, connections: int, seconds: int) -> Result:
    _wrk(port, scenario, connections, WARM_UP)
    return _wrk(port, scenario, connections, seconds)


def _wrk(port: int, scenario: str, connections: int, seconds: int) -> Result:
    output = subprocess.run(
        [
            "wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
            "--timeout", "30s", "--script", FOLDER / "load.lua", f"http://127.0.0.1:{port}", "--", scenario,
        ],
        cwd=FOLDER, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return Result(**json.loads(output.splitlines()[-1]))
