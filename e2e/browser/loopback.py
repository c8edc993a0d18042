# ruff: noqa: S108, S603, S607 -- it starts the servers by their names and moves a configuration to another folder
"""Tests in Chromium on loopback: the real servers, two sites and one, by http and by https.

Without arguments, as `make test-logins` runs it, the tests of logins, with access tokens that end after
LIFETIME seconds. With arguments those tests of flows/ that they name. It needs the Python of images/backend's
tests and a built page (images/frontend/dist).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

BROWSER = Path(__file__).resolve().parent
BACKEND, FRONTEND = (BROWSER.parents[1] / "images" / name for name in ("backend", "frontend"))
sys.path[:0] = [str(BACKEND), str(BACKEND / "tests")]

from authority import Authority  # noqa: E402
from conftest import environment, release_command  # noqa: E402
from gunicorn_server import Gunicorn  # noqa: E402
from servers import HOST, ROOT, Postgres, RedisServer, free_port, wait_until  # noqa: E402

# To a browser this is another site than HOST.
PAGE = "127.0.0.2"
LIFETIME = "5"
TESTS = sys.argv[1:]


@contextlib.contextmanager
def nginx(address: str, certificate: Certificate | None, **mode: str) -> Iterator[str]:
    """Nginx with the shipped configuration, as its image starts it; gives the origin that it serves."""
    with tempfile.TemporaryDirectory(prefix="nginx-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # started by root, Nginx's workers are another user, who may not see the checkout
        shutil.copytree(FRONTEND / "dist", folder / "site")
        port, tls_port = free_port(), free_port()
        here = {
            "/srv/hankki": str(folder / "site"),
            "/tmp/hankki": str(folder / "run"),
            "include /etc/nginx/hankki": f"include {folder}/hankki",
            "plain_port=8080": f"plain_port={address}:{port}",
            "tls_port=8443": f"tls_port={address}:{tls_port}",
            "listen 127.0.0.1:8081": f"listen {HOST}:{free_port()}",
        }
        lay_out(folder, here)
        own = {
            "HANKKI_RUN_DIR": str(folder / "run"),
            "HANKKI_CONF_DIR": str(folder),
            "HANKKI_TLS_SH": str(folder / "hankki-tls.sh"),
        }
        if certificate:
            own |= {"TLS_HOST": address, "HANKKI_TLS_DIR": str(certificate.folder)}
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                ["sh", FRONTEND / "nginx/entrypoint.sh"],
                env={"PATH": os.environ["PATH"], **own, **mode},
                stdout=log,
                stderr=log,
            )
        try:
            wait_until(lambda: is_ready(address, port), server, f"nginx ({folder}/log)")
            yield f"https://{address}:{tls_port}" if certificate else f"http://{address}:{port}"
        finally:
            server.terminate()
            server.wait()


def lay_out(folder: Path, here: dict[str, str]) -> None:
    """Write the parts of the configuration, moved to a folder and to ports of the test."""
    missing = set(here)
    for part in (FRONTEND / "nginx").iterdir():
        text = part.read_text()
        for shipped, moved in here.items():
            if shipped in text:
                missing.discard(shipped)
                text = text.replace(shipped, moved)
        # As the Dockerfile names them.
        (folder / (part.name if part.name == "hankki.conf" else f"hankki-{part.name}")).write_text(text)
    if missing:
        raise RuntimeError(f"images/frontend/nginx has no {missing} any more")


class Certificate:
    """A certificate of both addresses, what Node trusts it by, and what Chromium does."""

    def __init__(self, folder: Path) -> None:
        authority = Authority(folder)
        self.folder, self.authority = folder, folder / "ca.crt"
        pair = authority.issue("loopback", f"IP:{HOST}", f"IP:{PAGE}")
        for name, text in zip(("tls.crt", "tls.key"), pair, strict=True):
            (folder / name).write_text(text)
        public = subprocess.run(
            ["openssl", "pkey", "-pubout", "-outform", "DER", "-in", folder / "tls.key"],
            check=True,
            capture_output=True,
        ).stdout
        self.spki = b64encode(sha256(public).digest()).decode()


def is_ready(address: str, port: int) -> bool:
    connection = HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/healthz/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def run(env: dict[str, str], mode: str, certificate: Certificate | None) -> int:
    """The exit code of Playwright, after a run in that mode, over https with a certificate."""
    lifetime = {} if TESTS else {"ACCESS_TOKEN_LIFETIME": LIFETIME}
    env = {**env, "TRUSTED_PROXIES": "1", **lifetime}
    with contextlib.ExitStack() as stack:
        # Nginx has to know the API's ports, and the API the page's address.
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
            addresses |= {
                "NODE_EXTRA_CA_CERTS": str(certificate.authority),
                "CERTIFICATE_SPKI": certificate.spki,
            }
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
