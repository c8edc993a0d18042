"""TLS verification of PostgreSQL, and of the API by PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from authority import Authority
from conftest import environment
from flask import Flask
from servers import Postgres, RedisServer, wait_until

from app import release

DATABASE = "hankki_tls"


class TLSPostgres(Postgres):
    """A server with a certificate for 127.0.0.1; it verifies clients by the same authority."""

    def __init__(self, authority: Authority) -> None:
        files = {"ssl_cert_file": "server.crt", "ssl_key_file": "server.key", "ssl_ca_file": "ca.crt"}
        super().__init__("ssl=on", *(f"{option}=../{name}" for option, name in files.items()))
        contents = (*authority.issue("postgres", "IP:127.0.0.1"), authority.certificate)
        for name, text in zip(files.values(), contents, strict=True):
            self.put(name, text)

    def demand(self, how: str) -> None:
        """Accept the user of the API by TLS only, and as pg_hba.conf says."""
        client = f"{self.user} 127.0.0.1/32"
        rules = (f"hostssl {DATABASE} {client} {how}", f"host {DATABASE} all all reject")
        superuser = f"host all {client} scram-sha-256"
        (self._folder / "data/pg_hba.conf").write_text("\n".join((*rules, superuser, "")))
        loaded = "SELECT pg_conf_load_time()"
        before = self.execute(loaded)
        self.execute("SELECT pg_reload_conf()")
        wait_until(lambda: self.execute(loaded) != before, self._process, "the configuration")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("pki") / "ours")


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[TLSPostgres]:
    server = TLSPostgres(authority)
    try:
        server.start()
        server.execute(f"CREATE DATABASE {DATABASE}")
        server.demand("scram-sha-256")
        yield server
    finally:
        server.remove()


@pytest.fixture
def env(server: TLSPostgres, redis_server: RedisServer) -> dict[str, str]:
    return {**environment(server, redis_server.port, DATABASE), "DATABASE_SSLMODE": "verify-full"}


@pytest.fixture
def folder(tmp_path: Path, authority: Authority) -> Path:
    """The folder that the pod mounts."""
    (tmp_path / "ca.crt").write_text(authority.certificate)
    return tmp_path


def run_release(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, **changes: str) -> str:
    """The error of the migration; empty if it succeeds."""
    monkeypatch.setattr(release, "DATABASE_WAIT", 0.0)
    result = make_app(**changes).test_cli_runner().invoke(args=["release"])
    assert (result.exit_code == 0) == ("Error: release:" not in result.output), result.output
    return result.output if result.exit_code else ""


@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
def test_server_with_the_right_authority(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, folder: Path, mode: str
) -> None:
    variables = {"DATABASE_SSLMODE": mode, "DATABASE_CERTIFICATES": str(folder)}
    assert run_release(make_app, monkeypatch, **variables) == ""
    assert make_app(**variables).test_client().get("/api/v1/recipes").status_code == 200


@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
def test_release_reports_a_wrong_authority(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path, mode: str
) -> None:
    (folder / "ca.crt").write_text(Authority(tmp_path / "other").certificate)

    reason = run_release(make_app, monkeypatch, DATABASE_SSLMODE=mode, DATABASE_CERTIFICATES=str(folder))

    assert "certificate verify failed" in reason


@pytest.mark.parametrize("authority_file", ["another authority's certificate", "no certificate"])
def test_require_ignores_the_authority(
    make_app: Callable[..., Flask],
    monkeypatch: pytest.MonkeyPatch,
    server: TLSPostgres,
    authority: Authority,
    tmp_path: Path,
    authority_file: str,
) -> None:
    """With a client certificate, cert-manager writes the client's authority as ca.crt, not the server's."""
    other = Authority(tmp_path / "other").certificate
    folder = tmp_path / "mounted"
    folder.mkdir()
    (folder / "ca.crt").write_text(other if authority_file.startswith("another") else authority_file)
    for name, text in zip(("tls.crt", "tls.key"), authority.issue(server.user), strict=True):
        (folder / name).write_text(text)
        (folder / name).chmod(0o440)
    variables = {"DATABASE_SSLMODE": "require", "DATABASE_CERTIFICATES": str(folder)}
    server.demand("scram-sha-256 clientcert=verify-ca")
    try:
        assert run_release(make_app, monkeypatch, **variables) == ""
        assert make_app(**variables).test_client().get("/api/v1/recipes").status_code == 200
    finally:
        server.demand("scram-sha-256")


def test_only_verify_full_refuses_a_wrong_host_name(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    elsewhere = {"DATABASE_HOST": "localhost", "DATABASE_CERTIFICATES": str(folder)}

    assert 'does not match host name "localhost"' in run_release(make_app, monkeypatch, **elsewhere)
    assert run_release(make_app, monkeypatch, **elsewhere, DATABASE_SSLMODE="verify-ca") == ""


def test_server_may_request_a_client_certificate(
    make_app: Callable[..., Flask],
    monkeypatch: pytest.MonkeyPatch,
    server: TLSPostgres,
    authority: Authority,
    folder: Path,
) -> None:
    server.demand("scram-sha-256 clientcert=verify-ca")
    try:
        variables = {"DATABASE_CERTIFICATES": str(folder)}
        assert "requires a valid client certificate" in run_release(make_app, monkeypatch, **variables)
        for name, text in zip(("tls.crt", "tls.key"), authority.issue(server.user), strict=True):
            (folder / name).write_text(text)
            (folder / name).chmod(0o440)  # as in the pod
        assert run_release(make_app, monkeypatch, **variables) == ""
        assert make_app(**variables).test_client().get("/api/v1/recipes").status_code == 200
    finally:
        server.demand("scram-sha-256")
