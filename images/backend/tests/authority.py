"""Certificates for tests, created by openssl."""

from __future__ import annotations

import subprocess
from pathlib import Path


class Authority:
    """A certificate authority in its own folder; clients trust `certificate`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._request("ca", "-subj", "/CN=kitchen")
        self.certificate = (folder / "ca.crt").read_text()

    def issue(self, common_name: str, *names: str) -> tuple[str, str]:
        """The certificate and its key. Names are in openssl's form, such as IP:127.0.0.1."""
        extensions = ["-addext", "basicConstraints=CA:FALSE"]
        if names:
            extensions += ["-addext", f"subjectAltName={','.join(names)}"]
        self._request("leaf", "-subj", f"/CN={common_name}", "-CA", "ca.crt", "-CAkey", "ca.key", *extensions)
        return (self._folder / "leaf.crt").read_text(), (self._folder / "leaf.key").read_text()

    def _request(self, name: str, *options: str) -> None:
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1")
        files = ("-keyout", f"{name}.key", "-out", f"{name}.crt")
        command = ["openssl", "req", "-x509", *curve, *options, *files]
        subprocess.run(command, cwd=self._folder, check=True, capture_output=True)
