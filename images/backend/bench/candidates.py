r"""Other servers with the same application, under the same load (docs/decisions/0007).

    pip install -r requirements-dev.txt
    pip install granian==2.8.9 waitress==3.0.2 gevent==26.9.0 hypercorn==0.18.0 uvicorn==0.54.0 \
        a2wsgi==1.10.10
    python bench/candidates.py [--seconds 8] [--rounds 3] [name …]

Install them into a separate virtual environment. Nginx is the Debian package.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

from load import measure_beside_slow_clients  # noqa: E402
from servers import HOST, free_port, wait_until  # noqa: E402
from site_under_load import Site  # noqa: E402

APPLICATION = "app:create_app()"
GUNICORN = "gunicorn --bind {address} --threads 4 {application}"
NGINX = """
worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;
events {{ worker_connections 1024; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    client_header_timeout 10s; client_body_timeout 10s; keepalive_timeout 75s; client_max_body_size 256k;
    upstream api {{ server {host}:{behind}; {keepalive} }}
    server {{
        listen {host}:{port} so_keepalive=15s:5s:3 backlog=2048;
        location / {{ proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection ""; }}
    }}
}}
"""
COMMANDS = {
    "ours": GUNICORN,
    "gthread": f"{GUNICORN} --worker-class gthread",
    "nginx, kept connections": f"{GUNICORN} --worker-class gthread",
    "nginx, a connection each": f"{GUNICORN} --worker-class gthread --worker-connections 4 --keep-alive 0",
    "gevent": f"{GUNICORN} --worker-class gevent",
    "granian": "granian --interface wsgi --host {host} --port {port} --workers 2 --blocking-threads 4"
    " --backpressure 1024 --backlog 2048 --access-log --factory app:create_app",
    "waitress": "waitress-serve --listen {host}:{port} --threads 4 --connection-limit 2000"
    " --call app:create_app",
    "hypercorn": "hypercorn --bind {host}:{port} --workers 2 --access-logfile - candidate_apps:wsgi",
    "uvicorn": "uvicorn --host {host} --port {port} --workers 2 candidate_apps:asgi",
}


class Server:
    def __init__(self, name: str, env: dict[str, str]) -> None:
        self.port, self._folder = free_port(), Path(tempfile.mkdtemp(prefix="hankki-candidate-"))
        self._folder.chmod(0o755)  # Nginx' workers run as another user
        metrics = self._folder / "metrics"
        metrics.mkdir()
        behind = free_port() if name.startswith("nginx") else self.port
        values = {"host": HOST, "port": self.port, "address": f"{HOST}:{behind}", "application": APPLICATION}
        env = {**env, "METRICS_PORT": str(free_port()), "TMPDIR": str(self._folder), "WEB_CONCURRENCY": "2",
               "PYTHONPATH": f"{ROOT}:{ROOT}/bench", "PROMETHEUS_MULTIPROC_DIR": str(metrics),
               "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}  # fmt: skip
        commands = [[word.format(**values) for word in COMMANDS[name].split()]]
        if name.startswith("nginx"):
            keepalive = "keepalive 32;" if "kept" in name else ""
            configuration = NGINX.format(
                folder=self._folder, host=HOST, port=self.port, behind=behind, keepalive=keepalive
            )
            (self._folder / "nginx.conf").write_text(configuration)
            commands.append(["nginx", "-e", "stderr", "-c", f"{self._folder}/nginx.conf"])
        with (self._folder / "log").open("w") as log:
            self._processes = [
                subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
                for command in commands
            ]
        wait_until(self._answers, self._processes[0], f"{name} ({self._folder}/log)")

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://{HOST}:{self.port}/healthz/live", timeout=3):
                return True
        except OSError:  # it does not respond yet
            return False

    def cpu_seconds(self) -> float:
        """CPU seconds of all its running processes."""
        ticks = 0
        for process in self._processes:
            for stat in Path("/proc").glob("[0-9]*/stat"):
                with contextlib.suppress(OSError):  # the process has just ended
                    fields = stat.read_text().rsplit(")", 1)[1].split()
                    if int(fields[3]) == process.pid:  # a process of its session
                        ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def remove(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        shutil.rmtree(self._folder)


def main() -> None:
    options = _options()
    print("| server | load | beside slow clients | requests/s | p50 ms | p99 ms | errors | probe, worst ms"
          " | failed | CPU ms a request |")  # fmt: skip
    print("|---|---|---|---:|---:|---:|---:|---:|---:|---:|")
    with Site() as site:
        for _ in range(options.rounds):
            for name in options.names or COMMANDS:
                site.forget()
                server = Server(name, site.env)
                try:
                    for scenario in options.scenarios:
                        for slow in (False, True):
                            _measure(server, name, scenario, slow, options)
                finally:
                    server.remove()


def _measure(server: Server, name: str, scenario: str, slow: bool, options: argparse.Namespace) -> None:
    cpu = server.cpu_seconds()
    result = measure_beside_slow_clients(
        server.port, scenario, options.connections, options.seconds, slow=slow
    )
    spent = server.cpu_seconds() - cpu
    answered = max(result.rate * (options.seconds + 2), 1)
    print(
        f"| {name} | {scenario} | {'yes' if slow else 'no'} | {result.rate:.0f} | {result.p50:.1f}"
        f" | {result.p99:.1f} | {result.errors:.0f} | {result.probe:.0f} | {result.failed:.0f}"
        f" | {1000 * spent / answered:.2f} |",
        flush=True,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--scenarios", nargs="+", default=["list", "mix"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
