"""Gunicorn with its real configuration file and the command of the image, plus the given arguments."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from prometheus_client.parser import text_string_to_metric_families
from servers import HOST, ROOT, free_port, wait_until

WORKERS = 2
PROBE_TIMEOUT = 3.0  # the timeout of a probe (components/container.go)


class Response(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> dict:
        return json.loads(self.body)


class Gunicorn:
    def __init__(
        self,
        env: dict[str, str],
        *arguments: str,
        workers: int = WORKERS,
        application: str = "app:create_app()",
        open_files: int | None = None,
        ports: tuple[int, int] | None = None,
    ) -> None:
        """`ports`: the port for clients and the port for proxies, if the test needs fixed ones."""
        self._workers = workers
        self.port, self.proxied_port = ports or (free_port(), free_port())
        self.metrics_port = free_port()
        listening = [self.port, self.proxied_port] if "TRUSTED_PROXIES" in env else [self.port]
        self.folder = Path(tempfile.mkdtemp(prefix="hankki-gunicorn-"))
        # A file, because a full pipe would block the server.
        self._log = self.folder / "log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "gunicorn",
                    *(argument for port in listening for argument in ("--bind", f"{HOST}:{port}")),
                    *arguments,
                    application,
                ],
                env={
                    **env,
                    "MALLOC_MMAP_THRESHOLD_": "1048576",  # as in the Dockerfile
                    "WEB_CONCURRENCY": str(workers),
                    "PROXIED_PORT": str(self.proxied_port),
                    "METRICS_PORT": str(self.metrics_port),
                    "TMPDIR": str(self.folder),
                },
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        if open_files:
            resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (open_files, open_files))
        wait_until(self._responds, self.process, f"gunicorn ({self._log})")

    @property
    def proxied_url(self) -> str:
        return f"http://{HOST}:{self.proxied_port}"

    def request(
        self, method: str, path: str, body: object = None, *, port: int | None = None, **headers: str
    ) -> Response:
        connection = HTTPConnection(HOST, port or self.port, timeout=30)
        try:
            headers = {"Content-Type": "application/json", **headers}
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            return Response(response.status, dict(response.getheaders()), response.read().decode())
        finally:
            connection.close()

    def metrics(self) -> dict[tuple[str, ...], float]:
        """The metrics as Prometheus reads them: {(name, label value, …): value}."""
        connection = HTTPConnection(HOST, self.metrics_port, timeout=30)
        try:
            connection.request("GET", "/metrics")
            text = connection.getresponse().read().decode()
        finally:
            connection.close()
        return {
            (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def metrics_files(self) -> list[Path]:
        return list((self.folder / "hankki-metrics").iterdir())

    def memory(self) -> int:
        """Bytes of the master and its workers; shared pages count once."""
        return sum(_proportional_set_size(pid) for pid in (self.process.pid, *self.workers()))

    def cpu_seconds(self) -> float:
        """CPU seconds of the master and the running workers."""
        ticks = 0
        for pid in (self.process.pid, *self.workers()):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def lines(self) -> list[dict]:
        """All log lines; each must be a JSON object."""
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    def terminate(self) -> None:
        """Send SIGTERM, as the kubelet does."""
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> tuple[int, list[dict]]:
        """Stop it; returns its exit code and its log lines."""
        self.terminate()
        return self.process.wait(timeout=40), self.lines()

    def remove(self) -> None:
        """Kill it, and its workers, which would run for up to a second and write metrics."""
        if self.process.poll() is None:
            workers = self.workers()
            self.process.kill()
            self.process.wait()
            for pid in workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            until(lambda: not any(runs(pid) for pid in workers))
        shutil.rmtree(self.folder)

    def _responds(self) -> bool:
        try:
            return len(self.workers()) == self._workers and self.request("GET", "/healthz/live").status == 200
        except OSError:
            return False


def runs(pid: int) -> bool:
    """Whether the process runs. A process that has ended but was not waited for has no command."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


def until(done: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def uncached(gunicorn: Gunicorn) -> Response:
    """A read that is never cached."""
    return gunicorn.request("GET", f"/api/v1/recipes?q={time.monotonic_ns()}")


def _proportional_set_size(pid: int) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    [kibibytes] = [line.split()[1] for line in rollup if line.startswith("Pss:")]
    return int(kibibytes) * 1024
