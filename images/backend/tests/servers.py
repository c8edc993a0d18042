"""Real servers for the tests: Debian's PostgreSQL and Redis, on free loopback ports, in separate folders."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import RedisError

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
PASSWORD = "only-for-the-tests"
START_TIMEOUT = 30
REDIS_CONF = ROOT.parent / "redis/redis.conf"


def missing_packages() -> list[str]:
    packages = []
    if postgres_bin() is None:
        packages.append("postgresql")
    if shutil.which("redis-server") is None:
        packages.append("redis-server")
    return packages


# Below the kernel's ephemeral ports, with a separate range for each of pytest's workers. If two workers could
# get the same port, a test could connect to the server of another test.
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_ports = itertools.count(20_000 + 1_000 * _worker)


def free_port() -> int:
    for port in _ports:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return port
    raise AssertionError("ports never end")


def wait_until(ready: Callable[[], bool], process: subprocess.Popen, what: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(f"{what} ended with code {process.returncode}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what} did not answer within {START_TIMEOUT} s")
        time.sleep(0.02)


class Postgres:
    """One PostgreSQL server, which can be stopped and started again on the same port with its data.

    It refuses to run as root, so as root it runs as Debian's `postgres`.
    """

    user = "hankki"

    def __init__(self, *options: str) -> None:
        self.port = free_port()
        self._options = options  # of the configuration, as NAME=VALUE
        self._folder = Path(tempfile.mkdtemp(prefix="hankki-postgres-"))
        self._account = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        os.chown(self._folder, self._account.pw_uid, self._account.pw_gid)
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        data = self._folder / "data"
        if not data.exists():
            self._init(data)
        self._process = self._run(
            "postgres", "-D", data, "-h", HOST, "-p", str(self.port), "-k", self._folder,
            "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
            *itertools.chain.from_iterable(("-c", option) for option in self._options),
        )  # fmt: skip
        wait_until(self._responds, self._process, f"postgres ({self._folder}/log)")

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # fast shutdown
            self._process.wait(START_TIMEOUT)

    def pause(self) -> None:
        """Pause it: it accepts connections and sends no reply; open connections stay open."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def execute(self, statement: str, database: str = "postgres") -> list[tuple]:
        with self.connect(database) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=HOST, port=self.port, user=self.user, password=PASSWORD, dbname=database, autocommit=True
        )

    def blocked(self, database: str) -> int:
        """The number of sessions that wait for a lock."""
        locked = f"datname = '{database}' AND wait_event_type = 'Lock'"
        return self.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {locked}")[0][0]

    def put(self, name: str, text: str) -> Path:
        """A file that only the server can read."""
        path = self._folder / name
        path.write_text(text)
        path.chmod(0o600)
        os.chown(path, self._account.pw_uid, self._account.pw_gid)
        return path

    def log(self) -> str:
        return (self._folder / "log").read_text()

    def _signal(self, number: signal.Signals) -> None:
        """Signal all its processes, the postmaster first."""
        pid = self._process.pid
        os.kill(pid, number)
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with contextlib.suppress(ProcessLookupError):  # it may have exited
                os.kill(int(child), number)

    def _init(self, data: Path) -> None:
        password_file = self._folder / "password"
        password_file.write_text(PASSWORD)
        password_file.chmod(0o644)
        init = self._run(
            "initdb", "-D", data, "-U", self.user, "--pwfile", password_file, "-A", "scram-sha-256",
            "--locale", "C.UTF-8", "--no-sync",
        )  # fmt: skip
        if init.wait() != 0:
            raise RuntimeError(f"initdb failed:\n{self.log()}")

    def _responds(self) -> bool:
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str | Path) -> subprocess.Popen:
        with (self._folder / "log").open("a") as log:
            return subprocess.Popen(
                [postgres_bin() / program, *arguments],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                user=self._account.pw_uid,
                group=self._account.pw_gid,
                extra_groups=[] if os.geteuid() == 0 else None,
            )


class RedisServer:
    """One Redis server with its image's configuration, which can be stopped and started again."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="hankki-redis-"))
        self._process: subprocess.Popen | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        with (self._folder / "log").open("a") as log:
            self._process = subprocess.Popen(
                ["redis-server", "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                text=True,
            )
        self._process.stdin.write(self._configuration())
        self._process.stdin.close()
        wait_until(self._responds, self._process, f"redis-server ({self._folder}/log)")

    def stop(self) -> None:
        if self.running:
            self._process.terminate()
            self._process.wait(START_TIMEOUT)

    def pause(self) -> None:
        """Pause it: it accepts connections and sends no reply."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def client(self) -> Redis:
        return Redis(host=HOST, port=self.port, password=PASSWORD, decode_responses=True)

    def _configuration(self) -> str:
        """The image's configuration without the pod's settings, in a file that other users cannot read."""
        configuration = REDIS_CONF.read_text()
        for of_the_pod, here in (
            ("bind 0.0.0.0", f"bind {HOST}"),
            ("port 6379", f"port {self.port}"),
            ("dir /data", f"dir {self._folder}"),
            ("include /run/hankki/redis/auth.conf", f"requirepass {PASSWORD}"),
        ):
            before, after = configuration.split(f"\n{of_the_pod}\n")
            configuration = f"{before}\n{here}\n{after}"
        return configuration

    def _responds(self) -> bool:
        try:
            with self.client() as client:
                return client.ping()
        except RedisError:
            return False


def postgres_bin() -> Path | None:
    """Debian installs the server's programs outside PATH, in a folder for each major version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None
