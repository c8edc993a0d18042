"""An invalid environment stops the start with one message that lists all problems."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ORIGIN
from servers import ROOT

from app.settings import Settings, SettingsError

GOOD = {
    "DATABASE_HOST": "10.0.1.3",
    "DATABASE_PORT": "5432",
    "DATABASE_NAME": "hankki",
    "DATABASE_USER": "hankki",
    "DATABASE_PASSWORD": "p@ss/word:#?",
    "DATABASE_SSLMODE": "verify-full",
    "REDIS_HOST": "10.96.0.20",
    "REDIS_PORT": "6379",
    "REDIS_PASSWORD": "secret",
    "SECRET_KEY": "k" * 32,
    "ALLOWED_ORIGIN": ORIGIN,
}


def problems(**changes: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({**GOOD, **changes})
    return caught.value.problems


def test_valid_environment() -> None:
    settings = Settings.from_environment(GOOD)

    assert settings.database_url.password == GOOD["DATABASE_PASSWORD"]
    assert settings.database_url.port == 5432
    assert settings.database_url.query == {"sslmode": "verify-full"}
    assert GOOD["DATABASE_PASSWORD"] not in str(settings.database_url)
    assert settings.redis.port == 6379
    assert settings.allowed_origin == ORIGIN


def test_all_missing_variables_are_listed() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({})

    assert [problem.split(":")[0] for problem in caught.value.problems] == list(GOOD)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("DATABASE_HOST", ["", " ", "postgresql://10.0.1.3", "10.0.1.3/db", "a,b"]),
        ("DATABASE_PORT", ["0", "65536", "x", "-1", "5432.0", "1e3", "0x1", "5_432", "tcp://10.96.0.3:5432"]),
        ("DATABASE_SSLMODE", ["on", "verify"]),
        ("REDIS_PORT", ["0", "tcp://10.96.0.20:6379"]),
        ("SECRET_KEY", ["short"]),
        ("SECRET_KEY_FALLBACKS", ["short", f"{'k' * 32} short"]),
        ("REDIS_USERNAME", ["", " "]),
        ("ALLOWED_ORIGIN", ["*", "10.0.0.4", "http://", "ftp://10.0.0.4", "http://10.0.0.4/", "http://10.0.0.4:80",
                            "http://10.0.0.4,http://10.0.0.5", "https://Hankki.example", "http://a@10.0.0.4",
                            "http://10.0.0.4:x", "http://[::1", "https://hankki.example:443", "null"]),
        ("WEB_CONCURRENCY", ["", "0", "two", "65"]),
        ("TRUSTED_PROXIES", ["", "-1", "one", "9"]),
        ("PROXIED_PORT", ["", "0", "65536", "x"]),
        ("METRICS_PORT", ["", "0", "65536", "x"]),
        ("REFRESH_COOKIE", ["", "token", "__Secure-refreshToken"]),
        ("DATABASE_CERTIFICATES", ["", "/nowhere", __file__]),
        ("ACCESS_TOKEN_LIFETIME", ["", "0", "3601", "-1", "1.5", "15m"]),
    ],
)  # fmt: skip
def test_malformed_value_is_reported(name: str, values: list[str]) -> None:
    for value in values:
        [problem] = problems(**{name: value})
        assert problem.startswith(f"{name}: ")


@pytest.mark.parametrize(
    "origin", ["http://10.0.0.4:8080", "https://hankki.example", "http://[fd00::4]:8080"]
)
def test_valid_origins(origin: str) -> None:
    assert Settings.from_environment({**GOOD, "ALLOWED_ORIGIN": origin}).allowed_origin == origin


def test_errors_do_not_contain_secrets() -> None:
    assert "letmein" not in problems(SECRET_KEY="letmein")[0]
    assert problems(SECRET_KEY_FALLBACKS=f"{'k' * 32} letmein") == [
        "SECRET_KEY_FALLBACKS: the value at place 2 has 7 characters, needs at least 32"
    ]


@pytest.mark.parametrize(
    ("value", "keys"), [("", []), (" ", []), (f" {'a' * 32}  {'b' * 32}\n", ["a" * 32, "b" * 32])]
)
def test_fallback_keys(value: str, keys: list[str]) -> None:
    assert Settings.from_environment(GOOD).secret_key_fallbacks == []
    assert Settings.from_environment({**GOOD, "SECRET_KEY_FALLBACKS": value}).secret_key_fallbacks == keys


def test_length_of_keys_counts_characters() -> None:
    """Not bytes: a Korean syllable has three."""
    long, short = "가" * 32, "가" * 31
    settings = Settings.from_environment(
        {**GOOD, "SECRET_KEY": long, "SECRET_KEY_FALLBACKS": f"{long} {long}"}
    )
    assert settings.secret_key_fallbacks == [long, long]

    assert problems(SECRET_KEY=short) == ["SECRET_KEY: the value has 31 characters, needs at least 32"]
    assert problems(SECRET_KEY_FALLBACKS=f"{long} {short}") == [
        "SECRET_KEY_FALLBACKS: the value at place 2 has 31 characters, needs at least 32"
    ]


def test_redis_user_is_default_unless_set() -> None:
    assert Settings.from_environment(GOOD).redis.username == "default"
    assert Settings.from_environment({**GOOD, "REDIS_USERNAME": "api"}).redis.username == "api"


@pytest.mark.parametrize("command", [["-m", "flask", "release"], ["-m", "gunicorn", "app:create_app()"]])
def test_start_fails_with_one_message(command: list[str]) -> None:
    env = {**GOOD, "FLASK_APP": "app", "APP_CONFIG_FILE": "config/production.py", "DATABASE_PORT": "x"}
    del env["REDIS_HOST"]

    result = subprocess.run(
        [sys.executable, *command], env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert result.returncode == 1
    assert result.stderr == (
        "hankki: the environment has 2 problems:\n"
        "  DATABASE_PORT: 'x' is not a port (1-65535)\n"
        "  REDIS_HOST: missing; set it\n"
    )


def test_start_without_config_file_reports_its_variable() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "flask", "release"],
        env={**GOOD, "FLASK_APP": "app"}, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert result.returncode == 1
    assert result.stderr.startswith("hankki: APP_CONFIG_FILE: ")


def test_certificates_of_postgresql(tmp_path: Path) -> None:
    def query() -> dict[str, str]:
        settings = Settings.from_environment({**GOOD, "DATABASE_CERTIFICATES": str(tmp_path)})
        return dict(settings.database_url.query)

    (tmp_path / "ca.crt").touch()
    assert query() == {"sslmode": "verify-full", "sslrootcert": f"{tmp_path}/ca.crt"}
    (tmp_path / "tls.crt").touch()
    [problem] = problems(DATABASE_CERTIFICATES=str(tmp_path))
    assert problem.startswith("DATABASE_CERTIFICATES: ")
    assert "without the other" in problem
    (tmp_path / "tls.key").touch()
    assert query() == {
        "sslmode": "verify-full",
        "sslrootcert": f"{tmp_path}/ca.crt",
        "sslcert": f"{tmp_path}/tls.crt",
        "sslkey": f"{tmp_path}/tls.key",
    }


@pytest.mark.parametrize(
    ("mode", "verifies"),
    [("disable", False), ("allow", False), ("prefer", False), ("require", False), ("verify-ca", True)],
)
def test_authority_of_postgresql_is_for_the_modes_that_verify(
    tmp_path: Path, mode: str, verifies: bool
) -> None:
    (tmp_path / "ca.crt").touch()
    environ = {**GOOD, "DATABASE_SSLMODE": mode, "DATABASE_CERTIFICATES": str(tmp_path)}

    query = dict(Settings.from_environment(environ).database_url.query)

    assert query == {"sslmode": mode} | ({"sslrootcert": f"{tmp_path}/ca.crt"} if verifies else {})
