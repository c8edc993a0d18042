"""Certificate files for TLS between the API and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

FILES = {"sslrootcert": "ca.crt", "sslcert": "tls.crt", "sslkey": "tls.key"}
VERIFYING_MODES = ("verify-ca", "verify-full")


def certificate_options(value: str, mode: str | None) -> dict[str, str]:
    """libpq's options for the files in a folder; the client's certificate and key are optional.

    `mode` is sslmode. Only verify-ca and verify-full use ca.crt: with it, libpq verifies in `require` too.
    """
    options = {
        option: str(Path(value, name)) for option, name in FILES.items() if Path(value, name).is_file()
    }
    if not options:
        raise ValueError("has neither ca.crt nor tls.crt and tls.key")
    if ("sslcert" in options) != ("sslkey" in options):
        raise ValueError("has one of tls.crt and tls.key without the other")
    if mode not in VERIFYING_MODES:
        options.pop("sslrootcert", None)
    return options
