# ruff: noqa: I001, S603, S607 -- nginx_server adds the path of the modules after it; servers are started by name
"""Tests in Chromium on loopback: the real servers, two sites and one, by http and by https.

Without arguments, as `make test-logins` runs it, the tests of logins, with access tokens that end after
LIFETIME seconds. With arguments those tests of flows/ that they name. It needs the Python of images/backend's
tests and a built page (images/frontend/dist).
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from nginx_server import BROWSER, PAGE, Certificate, nginx

from conftest import environment, release_command
from gunicorn_server import Gunicorn
from servers import HOST, ROOT, Postgres, RedisServer, free_port

LIFETIME = "5"
TESTS = sys.argv[1:]


def run(env: dict[str, str], mode: str, certificate: Certificate | None) -> int:
    """Run Playwright in that API mode, over https with a certificate; return its exit code."""
    lifetime = {} if TESTS else {"ACCESS_TOKEN_LIFETIME": LIFETIME}
    env = {**env, "TRUSTED_PROXIES": "1", **lifetime}
    with contextlib.ExitStack() as stack:
        # Nginx needs the API's ports, and the API needs the page's address.
        api_ports = free_port(), free_port()
        upstream, direct = f"{HOST}:{api_ports[1]}", f"http://{HOST}:{api_ports[0]}"
        if certificate:
            env |= {"REFRESH_COOKIE": "__Host-refreshToken"}
            direct = stack.enter_context(nginx(HOST, certificate, API_MODE="door", API_UPSTREAM=upstream))
        origin = stack.enter_context(
            nginx(PAGE, certificate, API_MODE=mode, API_URL=direct, API_UPSTREAM=upstream)
        )
        api = Gunicorn({**env, "ALLOWED_ORIGIN": origin}, ports=api_ports)
        stack.callback(api.remove)
        print(f"== {' '.join(TESTS) or 'logins'}, API mode {mode}, {origin.partition(':')[0]}", flush=True)
        addresses = {"SITE_URL": f"{origin}/", "API_URL": direct if mode == "direct" else f"{origin}/"}
        if certificate:
            addresses |= certificate.trusting
        return subprocess.run(
            ["npx", "playwright", "test", "--project=flows", *(TESTS or ["logins.spec"])],
            cwd=BROWSER,
            env={**os.environ, **addresses, **lifetime},
            check=False,
        ).returncode


def main() -> int:
    with contextlib.ExitStack() as stack:
        postgres, redis = Postgres(), RedisServer()
        for server in (postgres, redis):
            stack.callback(server.remove)
            server.start()
        postgres.execute("CREATE DATABASE logins")
        env = environment(postgres, redis.port, "logins")
        subprocess.run(release_command("--sample-data"), env=env, cwd=ROOT, check=True)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="certificate-")))
        certificate = Certificate(folder / "pki")
        return max(run(env, mode, by) for by in (None, certificate) for mode in ("direct", "proxy"))


if __name__ == "__main__":
    sys.exit(main())
