"""The files by which PostgreSQL and the API check each other."""

from __future__ import annotations

from pathlib import Path


def certificate_options(value: str) -> dict[str, str]:
    """The options of libpq for the files of a folder, of which the client's pair may be absent."""
    options = {}
    for option, name in (("sslrootcert", "ca.crt"), ("sslcert", "tls.crt"), ("sslkey", "tls.key")):
        if Path(value, name).is_file():
            options[option] = str(Path(value, name))
    if not options:
        raise ValueError("has neither ca.crt nor tls.crt and tls.key")
    if ("sslcert" in options) != ("sslkey" in options):
        raise ValueError("has one of tls.crt and tls.key without the other")
    return options
