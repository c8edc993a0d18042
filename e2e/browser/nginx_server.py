# ruff: noqa: S108, S603, S607 -- it starts servers by their names and moves a configuration to another folder
"""Nginx as the front end's image starts it, on loopback, with https or plain http. It needs a built page."""

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

from authority import Authority  # noqa: E402
from servers import HOST, free_port, wait_until  # noqa: E402

# For a browser, a different site than HOST.
PAGE = "127.0.0.2"


@contextlib.contextmanager
def nginx(address: str, certificate: Certificate | None, **mode: str) -> Iterator[str]:
    """Start Nginx with the shipped configuration, as in its image; yield the origin that it serves."""
    with tempfile.TemporaryDirectory(prefix="nginx-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # root's Nginx runs its workers as another user, without access to the checkout
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
    """Write the parts of the configuration, with paths and ports of the test."""
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
    """A certificate of both addresses, and the environment in which Node and Chromium trust its authority."""

    def __init__(self, folder: Path) -> None:
        authority = Authority(folder)
        self.folder = folder
        pair = authority.issue("loopback", f"IP:{HOST}", f"IP:{PAGE}")
        for name, text in zip(("tls.crt", "tls.key"), pair, strict=True):
            (folder / name).write_text(text)
        trusted = folder / ".pki/nssdb"
        trusted.mkdir(parents=True)
        options = ("-A", "-t", "C,,", "-n", "hankki", "-i", folder / "ca.crt")
        subprocess.run(["certutil", "-d", f"sql:{trusted}", *options], check=True)
        self.trusting = {"NODE_EXTRA_CA_CERTS": str(folder / "ca.crt"), "HOME": str(folder)}


def is_ready(address: str, port: int) -> bool:
    connection = HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/healthz/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
