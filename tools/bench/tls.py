# ruff: noqa: S603, S607 -- it starts tools/load by its name
"""Reads over https beside the same reads over plain http, on loopback, in one run.

    python tools/bench/tls.py [--seconds 20] [--rounds 3] [--rate 100]

PostgreSQL, Redis, Gunicorn and Nginx run as they are shipped; Nginx passes the API on (mode proxy). The load
reads the page's HTML or one recipe over connections that it keeps. The three protocols take turns in each
round, so that other work of the machine affects all of them; the table has medians of the rounds. CPU is that
of Nginx' processes. It needs a built page.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(CHECKOUT / "e2e/browser"), str(CHECKOUT / "images/backend/bench")]

from nginx_server import PAGE, Certificate, nginx  # noqa: E402
from site_under_load import Site, Variant  # noqa: E402

# With flags of tools/load; HTTP/2 is what browsers speak over TLS.
PROTOCOLS = {"http": (False, ()), "https, HTTP/1.1": (True, ("-http2=false",)), "https, HTTP/2": (True, ())}
PATHS = {"the page": "/", "one recipe": "/api/v1/recipes/1"}
GOAL = 1.3
WARM_UP = 2
TICK = os.sysconf("SC_CLK_TCK")


class Result(NamedTuple):
    p50: float  # milliseconds
    p99: float
    cpu: float  # milliseconds of Nginx a second
    failed: float  # reads that were not answered with 200


def main() -> int:
    options = _options()
    results: dict[tuple[str, str], list[Result]] = {}
    with ExitStack() as stack:
        site = stack.enter_context(Site())
        server = stack.enter_context(site.serve(Variant.ours("2x4")))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-tls-")))
        certificate = Certificate(folder / "pki")
        for number in range(options.rounds):
            for protocol, (secure, flags) in PROTOCOLS.items():
                print(f"round {number + 1}: {protocol}", file=sys.stderr)
                upstream = {"API_MODE": "proxy", "API_UPSTREAM": f"127.0.0.1:{server.port}"}
                with nginx(PAGE, certificate if secure else None, **upstream) as origin:
                    for what, path in PATHS.items():
                        trust = (f"-root-certs={folder}/pki/ca.crt", *flags) if secure else ()
                        result = _measure(origin + path, options, trust)
                        results.setdefault((what, protocol), []).append(result)
    return _print(results, options)


def _measure(url: str, options: argparse.Namespace, flags: tuple) -> Result:
    _read(url, options.rate, WARM_UP, flags)
    processes = _nginx_processes()
    before = sum(map(_cpu, processes))
    reads = _read(url, options.rate, options.seconds, flags)
    cpu = 1000 * (sum(map(_cpu, processes)) - before) / options.seconds
    latencies = sorted(read["latency"] / 1e6 for read in reads)
    failed = sum(read["code"] != 200 for read in reads)
    return Result(latencies[len(reads) // 2], latencies[len(reads) * 99 // 100], cpu, failed)


def _read(url: str, rate: int, seconds: int, flags: tuple) -> list[dict]:
    """What tools/load prints of each read."""
    with tempfile.TemporaryFile("w+") as output:
        load = subprocess.Popen(["load", f"-rate={rate}", *flags, url], stdout=output)
        time.sleep(seconds)
        load.send_signal(signal.SIGINT)
        if load.wait() != 0:
            raise RuntimeError(f"load {url} failed with exit code {load.returncode}")
        output.seek(0)
        return [json.loads(line) for line in output]


def _nginx_processes() -> list[int]:
    """The master, which is a child of this process, and its workers."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, fields = _fields(int(stat.parent.name))
        except OSError:
            continue  # it has ended
        if name == "nginx":
            parents[int(stat.parent.name)] = int(fields[1])
    masters = [pid for pid, parent in parents.items() if parent == os.getpid()]
    return masters + [pid for pid, parent in parents.items() if parent in masters]


def _cpu(pid: int) -> float:
    fields = _fields(pid)[1]
    return (int(fields[11]) + int(fields[12])) / TICK


def _fields(pid: int) -> tuple[str, list[str]]:
    """The name of a process, and what /proc/PID/stat has behind it."""
    head, _, tail = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    return head.partition("(")[2], tail.split()


def _print(results: dict[tuple[str, str], list[Result]], options: argparse.Namespace) -> int:
    plain = next(iter(PROTOCOLS))
    print(f"{options.rate} reads a second, medians of {options.rounds} rounds of {options.seconds} s\n")
    print("| reads of | over | p50 ms | ratio | p99 ms | ratio | CPU of Nginx, ms a second | failed |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    missed = 0
    for what, protocol in itertools.product(PATHS, PROTOCOLS):
        base, result = (
            Result(*(median(values) for values in zip(*results[what, over], strict=True)))
            for over in (plain, protocol)
        )
        failed = sum(each.failed for each in results[what, protocol])
        missed += result.p50 / base.p50 > GOAL or failed > 0
        print(
            f"| {what} | {protocol} | {result.p50:.2f} | {result.p50 / base.p50:.2f} | {result.p99:.2f}"
            f" | {result.p99 / base.p99:.2f} | {result.cpu:.0f} | {failed} |"
        )
    verdict = "missed" if missed else "met"
    print(f"\nThe goal is at most {GOAL} times plain http's p50, and no failed read: {verdict}.")
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=20, help="of reads, for each protocol and path")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=int, default=100, help="reads a second")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
