"""Reads and validates the environment variables of the API."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy import URL

from .database_certificates import certificate_options

# The port for clients, and the port for our own proxies, if any (app/proxies.py). NetworkPolicies allow only
# those proxies to reach the second port.
PORT, PROXIED_PORT = 5000, 5001

# Gunicorn's threads for each worker. One of them has no database connection (app/connection_pool.py). The
# constants bound the number of connections, for PostgreSQL's max_connections.
THREADS_PER_WORKER = 4
CONNECTIONS_PER_WORKER = THREADS_PER_WORKER - 1

SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
SECRET_KEY_LENGTH = 32
# Browsers accept the second name only over https, and only for this host.
REFRESH_COOKIES = ("refreshToken", "__Host-refreshToken")
T = TypeVar("T")


class SettingsError(Exception):
    """Lists all problems of the environment. It never contains the value of a secret."""

    def __init__(self, problems: list[str]) -> None:
        noun = "problem" if len(problems) == 1 else "problems"
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"the environment has {len(problems)} {noun}:{lines}")
        self.problems = problems


@dataclass(frozen=True)
class RedisSettings:
    host: str
    port: int
    username: str
    password: str


@dataclass(frozen=True)
class Settings:
    database_url: URL
    database_password_fallback: str  # may be empty
    redis: RedisSettings
    secret_key: str
    secret_key_fallbacks: list[str]
    access_token_lifetime: timedelta
    allowed_origin: str
    refresh_cookie: str
    trusted_proxies: int
    proxied_port: int
    metrics_port: int

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read all variables; raise one SettingsError that names every missing or malformed one."""
        reader = _Reader(environ)
        database = {
            "host": reader.read("DATABASE_HOST", _host),
            "port": reader.read("DATABASE_PORT", _port),
            "database": reader.read("DATABASE_NAME"),
            "username": reader.read("DATABASE_USER"),
            "password": reader.read("DATABASE_PASSWORD", secret=True),
        }
        mode = reader.read("DATABASE_SSLMODE", _ssl_mode)
        tls = {"sslmode": mode}
        if "DATABASE_CERTIFICATES" in environ:
            tls |= reader.read("DATABASE_CERTIFICATES", partial(certificate_options, mode=mode)) or {}
        redis = {
            "host": reader.read("REDIS_HOST", _host),
            "port": reader.read("REDIS_PORT", _port),
            "username": reader.read("REDIS_USERNAME", default="default"),
            "password": reader.read("REDIS_PASSWORD", secret=True),
        }
        secret_key = reader.read("SECRET_KEY", _secret_key, secret=True)
        fallbacks: list[str] = []
        if environ.get("SECRET_KEY_FALLBACKS", "").strip():  # a Secret may have an empty value for it
            fallbacks = reader.read("SECRET_KEY_FALLBACKS", _secret_keys, secret=True)
        lifetime = reader.read("ACCESS_TOKEN_LIFETIME", _lifetime, default="900")
        allowed_origin = reader.read("ALLOWED_ORIGIN", _origin)
        refresh_cookie = reader.read("REFRESH_COOKIE", _refresh_cookie, default=REFRESH_COOKIES[0])
        trusted_proxies = reader.read("TRUSTED_PROXIES", _proxies, default="0")
        proxied_port = reader.read("PROXIED_PORT", _port, default=str(PROXIED_PORT))
        metrics_port = reader.read("METRICS_PORT", _port, default="9464")
        if "WEB_CONCURRENCY" in environ:  # used by Gunicorn itself
            reader.read("WEB_CONCURRENCY", _workers)
        if reader.problems:
            raise SettingsError(reader.problems)
        return cls(
            database_url=URL.create("postgresql+psycopg", **database, query=tls),
            database_password_fallback=environ.get("DATABASE_PASSWORD_FALLBACK", ""),
            redis=RedisSettings(**redis),
            secret_key=secret_key,
            secret_key_fallbacks=fallbacks,
            access_token_lifetime=lifetime,
            allowed_origin=allowed_origin,
            refresh_cookie=refresh_cookie,
            trusted_proxies=trusted_proxies,
            proxied_port=proxied_port,
            metrics_port=metrics_port,
        )


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def read(
        self, name: str, parse: Callable[[str], T] = str, *, default: str = "", secret: bool = False
    ) -> T | None:
        value = self._environ.get(name, default)
        if not value.strip():
            self.problems.append(f"{name}: missing; set it")
            return None
        try:
            return parse(value)
        except ValueError as error:
            shown = "the value" if secret else repr(value)
            self.problems.append(f"{name}: {shown} {error}")
            return None


def _host(value: str) -> str:
    if re.search(r"[\s/@,]", value):
        raise ValueError("is not a host name or an address")
    return value


def _number(value: str, low: int, high: int, what: str) -> int:
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise ValueError(f"is not {what} ({low}-{high})")
    return int(value)


def _port(value: str) -> int:
    return _number(value, 1, 65535, "a port")


def _lifetime(value: str) -> timedelta:
    return timedelta(seconds=_number(value, 1, 3600, "a number of seconds"))


def _proxies(value: str) -> int:
    return _number(value, 0, 8, "a number of proxies")


def _workers(value: str) -> int:
    return _number(value, 1, 64, "a number of workers")


def _ssl_mode(value: str) -> str:
    if value not in SSL_MODES:
        raise ValueError(f"is not one of {', '.join(SSL_MODES)}")
    return value


def _refresh_cookie(value: str) -> str:
    if value not in REFRESH_COOKIES:
        raise ValueError(f"is not one of {', '.join(REFRESH_COOKIES)}")
    return value


def _secret_key(value: str) -> str:
    if len(value) < SECRET_KEY_LENGTH:
        raise ValueError(f"has {len(value)} characters, needs at least {SECRET_KEY_LENGTH}")
    return value


def _secret_keys(value: str) -> list[str]:
    keys = value.split()
    for number, key in enumerate(keys, start=1):
        try:
            _secret_key(key)
        except ValueError as error:
            raise ValueError(f"at place {number} {error}") from error
    return keys


def _origin(value: str) -> str:
    """An origin in the exact form that browsers send, because it is compared as text."""
    parts = urlsplit(value)  # raises ValueError for a malformed address
    default_port = {"http": 80, "https": 443}.get(parts.scheme)
    if default_port is None or not parts.hostname:
        raise ValueError("is not one origin such as http://10.0.0.4")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port in (None, default_port) else f":{parts.port}"
    expected = f"{parts.scheme}://{host}{port}"
    if value != expected:
        raise ValueError(f"differs from what a browser sends: {expected}")
    return value
