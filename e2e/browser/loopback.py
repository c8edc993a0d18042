# ruff: noqa: S108, S603, S607 -- it starts the servers by their names and moves a configuration to another folder
"""The tests of logins in Chromium on loopback: the real servers, first with two sites, then with one.

Run by `make test-logins` with the Python of images/backend's tests. Access tokens end after LIFETIME seconds.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

BROWSER = Path(__file__).resolve().parent
BACKEND, FRONTEND = (BROWSER.parents[1] / "images" / name for name in ("backend", "frontend"))
sys.path[:0] = [str(BACKEND), str(BACKEND / "tests")]

from conftest import environment, release_command  # noqa: E402
from gunicorn_server import Gunicorn  # noqa: E402
from servers import HOST, ROOT, Postgres, RedisServer, free_port, wait_until  # noqa: E402

# To a browser this is another site than HOST.
PAGE = "127.0.0.2"
LIFETIME = "5"


@contextlib.contextmanager
def site(port: int, **mode: str) -> Iterator[None]:
    """The built page behind Nginx with the shipped configuration, as its image starts it."""
    with tempfile.TemporaryDirectory(prefix="nginx-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # started by root, Nginx's workers are another user, who may not see the checkout
        shutil.copytree(FRONTEND / "dist", folder / "site")
        configuration = (FRONTEND / "nginx/hankki.conf").read_text()
        for shipped, here in (
            ("/srv/hankki", str(folder / "site")),
            ("/tmp/hankki", str(folder / "run")),
            ("listen 8080", f"listen {PAGE}:{port}"),
            ("listen 127.0.0.1:8081", f"listen {HOST}:{free_port()}"),
        ):
            if shipped not in configuration:
                raise RuntimeError(f"images/frontend/nginx/hankki.conf has no {shipped!r} any more")
            configuration = configuration.replace(shipped, here)
        (folder / "hankki.conf").write_text(configuration)
        own = {"HANKKI_RUN_DIR": str(folder / "run"), "HANKKI_NGINX_CONF": str(folder / "hankki.conf")}
        with (folder / "log").open("w") as log:
            nginx = subprocess.Popen(
                ["sh", FRONTEND / "nginx/entrypoint.sh"],
                env={"PATH": os.environ["PATH"], **own, **mode},
                stdout=log,
                stderr=log,
            )
        try:
            wait_until(lambda: is_ready(port), nginx, f"nginx ({folder}/log)")
            yield
        finally:
            nginx.terminate()
            nginx.wait()


def is_ready(port: int) -> bool:
    connection = HTTPConnection(PAGE, port, timeout=5)
    try:
        connection.request("GET", "/healthz/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def run(env: dict[str, str], mode: str) -> int:
    """The exit code of Playwright, after a run in that mode."""
    port = free_port()
    origin = f"http://{PAGE}:{port}"
    env = {**env, "ALLOWED_ORIGIN": origin, "TRUSTED_PROXIES": "1", "ACCESS_TOKEN_LIFETIME": LIFETIME}
    api = Gunicorn(env)
    try:
        upstream, direct = f"{HOST}:{api.proxied_port}", f"http://{HOST}:{api.port}"
        with site(port, API_MODE=mode, API_URL=direct, API_UPSTREAM=upstream):
            print(f"== logins, API mode {mode}", flush=True)
            addresses = {"SITE_URL": f"{origin}/", "API_URL": direct if mode == "direct" else f"{origin}/"}
            return subprocess.run(
                ["npx", "playwright", "test", "--project=flows", "logins.spec"],
                cwd=BROWSER,
                env={**os.environ, **addresses, "ACCESS_TOKEN_LIFETIME": LIFETIME},
                check=False,
            ).returncode
    finally:
        api.remove()


def main() -> int:
    with contextlib.ExitStack() as stack:
        postgres, redis = Postgres(), RedisServer()
        for server in (postgres, redis):
            stack.callback(server.remove)
            server.start()
        postgres.execute("CREATE DATABASE logins")
        env = environment(postgres, redis.port, "logins")
        subprocess.run(release_command("--sample-data"), env=env, cwd=ROOT, check=True)
        return max(run(env, mode) for mode in ("direct", "proxy"))


if __name__ == "__main__":
    sys.exit(main())
