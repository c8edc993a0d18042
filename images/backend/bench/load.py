"""The load: wrk with keep-alive connections, each asking for the next thing as soon as it has an answer."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
SCENARIOS = ("list", "detail", "mix")
# Not measured: the first requests open connections and fill caches.
WARM_UP = 2


class Result(NamedTuple):
    rate: float  # requests answered a second
    p50: float  # milliseconds
    p99: float
    errors: float  # broken connections and answers that are not 2xx


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
