"""Certificate files for TLS between the API and PostgreSQL."""

from __future__ import annotations

from pathlib import Path


def certificate_options(value: str) -> dict[str, str]:
    """libpq's options for the files in a folder; the client's certificate and key are optional."""
    options = {}
    for option, name in (("sslrootcert", "ca.crt"), ("sslcert", "tls.crt"), ("sslkey", "tls.key")):
        if Path(value, name).is_file():
            options[option] = str(Path(value, name))
    if not options:
        raise ValueError("has neither ca.crt nor tls.crt and tls.key")
    if ("sslcert" in options) != ("sslkey" in options):
        raise ValueError("has one of tls.crt and tls.key without the other")
    return options
