"""components/backup.sh with dumps in S3 (`make test-s3`), on a real PostgreSQL.

The lab's rclone is the client and, over HTTPS, the server.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from backup_runs import Backup, database_variables, failure, listed, run_script, taken
from servers import HOST, ROOT, Postgres, free_port, postgres_bin, wait_until

MANIFESTS = ROOT.parent.parent / "internal/site/testdata/everything.golden.yaml"
ACCESS_KEY = "hankki-backup"
SECRET_KEY = "secret-access-key-of-the-tests"
RESTORED = "hankki_restored_s3"
LIMIT = 256 << 20  # bytes; the memory limit of the pod's container


class Store:
    """A server of S3 that stores objects as files: BUCKET/KEY in its folder."""

    def __init__(self, folder: Path) -> None:
        rclone = shutil.which("rclone", path=os.environ.get("HANKKI_CACHE", "") + "/bin")
        assert rclone, "rclone is missing: `make test-s3` builds it"
        self.rclone = Path(rclone).resolve()
        self.folder = folder / "store"
        (self.folder / "backups").mkdir(parents=True)
        self.ca = folder / "ca.crt"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-keyout", folder / "ca.key", "-out", self.ca, "-subj", "/CN=S3 of the tests",
             "-addext", f"subjectAltName=IP:{HOST}"],
            check=True, capture_output=True,
        )  # fmt: skip
        self._key = folder / "ca.key"
        self._log = folder / "log"
        self.port = free_port()
        self._process: subprocess.Popen | None = None

    @property
    def endpoint(self) -> str:
        return f"https://{HOST}:{self.port}"

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self.rclone, "serve", "s3", self.folder, "--addr", f"{HOST}:{self.port}",
                 "--auth-key", f"{ACCESS_KEY},{SECRET_KEY}", "--cert", self.ca, "--key", self._key,
                 "--dir-cache-time", "100ms"],
                env={"RCLONE_CONFIG": "/dev/null", "HOME": str(self.folder.parent)},
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        wait_until(self._responds, self._process, f"rclone serve s3 ({self._log})")

    def _responds(self) -> bool:
        context = ssl.create_default_context(cafile=str(self.ca))
        try:
            with (
                socket.create_connection((HOST, self.port), 5) as plain,
                context.wrap_socket(plain, server_hostname=HOST),
            ):
                return True
        except OSError:
            return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    def objects(self, prefix: str = "onprem") -> list[str]:
        return sorted(p.name for p in (self.folder / "backups" / prefix).glob("*"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("s3"))
    store.start()
    yield store
    store.stop()


@pytest.fixture
def store(server: Store) -> Iterator[Store]:
    yield server
    shutil.rmtree(server.folder / "backups")
    (server.folder / "backups").mkdir()


@pytest.fixture
def backup(
    postgres: Postgres, database: str, store: Store, rclone_variables: dict[str, str], tmp_path: Path
) -> Backup:
    """Runs the script as a new pod does: with an empty working folder, unless one is given."""

    def run(
        *arguments: str, pod: str = "", stdin: bytes = b"", **changes: str
    ) -> subprocess.CompletedProcess:
        work = tmp_path / (pod or f"pod-{len(list(tmp_path.iterdir()))}")
        work.mkdir(exist_ok=True)
        variables = {
            "PATH": f"{store.rclone.parent}:{postgres_bin()}:{os.environ['PATH']}",
            "BACKUPS": str(work),
            "TERMINATION_LOG": str(tmp_path / "termination-log"),
            "TMPDIR": str(tmp_path),
            "HOME": "/nonexistent",
            "KEEP": "2",
            **database_variables(postgres, database),
            "BUCKET": "backups/onprem",
            **rclone_variables,
            "RCLONE_CA_CERT": str(store.ca),
            "RCLONE_S3_ENDPOINT": store.endpoint,
            "RCLONE_S3_ACCESS_KEY_ID": ACCESS_KEY,
            "RCLONE_S3_SECRET_ACCESS_KEY": SECRET_KEY,
            **changes,
        }
        return run_script(arguments, variables, stdin, SECRET_KEY)

    return run


@pytest.fixture(scope="module")
def rclone_variables() -> dict[str, str]:
    """rclone's variables in the CronJob's container, as the program sets them."""
    for manifest in yaml.safe_load_all(MANIFESTS.read_text()):
        if manifest.get("kind") == "CronJob":
            container = manifest["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
            return {
                v["name"]: v["value"]
                for v in container["env"]
                if v["name"].startswith("RCLONE_") and "value" in v
            }
    raise AssertionError(f"{MANIFESTS} has no CronJob")


@pytest.fixture
def restored(postgres: Postgres) -> Iterator[str]:
    yield RESTORED
    postgres.execute(f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)")


def files(*names: str) -> list[str]:
    return sorted(f"{name}.{kind}" for name in names for kind in ("dump", "json"))


def test_dump_is_in_the_bucket(backup: Backup, store: Store) -> None:
    assert listed(backup) == []
    dump = taken(backup)
    assert store.objects() == files(dump["name"])
    stored = store.folder / "backups/onprem" / f"{dump['name']}.dump"
    assert stored.stat().st_size == dump["bytes"]
    assert listed(backup) == [dump["name"]]
    sent = backup("send", dump["name"])
    assert sent.stdout == stored.read_bytes()


def test_oldest_dumps_are_removed_from_the_bucket_after_a_success(backup: Backup, store: Store) -> None:
    names = [taken(backup)["name"] for _ in range(3)]
    assert store.objects() == files(*names[1:])
    assert listed(backup) == names[:0:-1]
    assert "refuses the connection" in failure(backup("take", PGPASSWORD="wrong"))
    assert store.objects() == files(*names[1:])


def test_dumps_of_another_prefix_are_not_touched(backup: Backup, store: Store) -> None:
    other = taken(backup, BUCKET="backups/other/site")["name"]
    own = [taken(backup, KEEP="1")["name"] for _ in range(2)]
    assert store.objects("other/site") == files(other)
    assert listed(backup) == [own[1]]


def test_restored_database_has_the_rows_of_the_dump(
    postgres: Postgres, database: str, backup: Backup, restored: str
) -> None:
    dump = taken(backup)
    result = backup("restore", dump["name"], restored)
    assert result.returncode == 0, result.stderr.decode()
    for table, count in dump["tables"].items():
        assert postgres.execute(f"SELECT count(*) FROM {table}", restored)[0][0] == count
    assert "there is no dump hankki-20200101T000000Z" in failure(
        backup("restore", "hankki-20200101T000000Z", restored)
    )


def test_damaged_object_is_refused(postgres: Postgres, backup: Backup, store: Store) -> None:
    dump = taken(backup)
    stored = store.folder / "backups/onprem" / f"{dump['name']}.dump"
    whole = stored.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-1] + bytes([whole[-1] ^ 1])):
        stored.write_bytes(damaged)
        assert "is damaged" in failure(backup("restore", dump["name"], RESTORED))
    assert postgres.execute(f"SELECT 1 FROM pg_database WHERE datname = '{RESTORED}'") == []


def test_dump_from_outside_is_received(backup: Backup, store: Store, restored: str) -> None:
    dump = taken(backup)
    content = (store.folder / "backups/onprem" / f"{dump['name']}.dump").read_bytes()
    text = (store.folder / "backups/onprem" / f"{dump['name']}.json").read_text().strip()
    shutil.rmtree(store.folder / "backups/onprem")
    assert "arrived damaged" in failure(backup("receive", dump["name"], text, stdin=content[:-1]))
    assert listed(backup) == []
    assert backup("receive", dump["name"], text, stdin=content, pod="session").returncode == 0
    assert store.objects() == files(dump["name"])
    assert f"there is a dump {dump['name']} already" in failure(
        backup("receive", dump["name"], text, stdin=content)
    )
    assert backup("restore", dump["name"], restored, pod="session").returncode == 0


def test_incomplete_dump_is_removed_once_no_job_can_be_writing_it(backup: Backup, store: Store) -> None:
    folder = store.folder / "backups/onprem"
    folder.mkdir()
    for name, hours in (("hankki-20260101T000000Z.dump", 8), ("hankki-20260101T000001Z.dump", 6)):
        (folder / name).write_text("half")
        then = time.time() - hours * 3600
        os.utime(folder / name, (then, then))
    dump = taken(backup)
    assert listed(backup) == [dump["name"]]
    assert store.objects() == sorted(["hankki-20260101T000001Z.dump", *files(dump["name"])])


def test_objects_with_other_names_are_not_touched(backup: Backup, store: Store) -> None:
    """rclone would read the first name as a pattern of all dumps."""
    folder = store.folder / "backups/onprem"
    folder.mkdir()
    others = ["hankki-*.dump", "hankki-*.json", "hankki-notes.json"]
    then = time.time() - 8 * 3600
    for name in others:
        (folder / name).write_text("{}")
        os.utime(folder / name, (then, then))
    names = [taken(backup)["name"] for _ in range(3)]
    assert listed(backup) == names[:0:-1]
    assert store.objects() == sorted([*others, *files(*names[1:])])


def test_upload_that_was_interrupted_before_the_description_is_repeated(backup: Backup, store: Store) -> None:
    dump = taken(backup)
    folder = store.folder / "backups/onprem"
    content = (folder / f"{dump['name']}.dump").read_bytes()
    text = (folder / f"{dump['name']}.json").read_text().strip()
    (folder / f"{dump['name']}.json").unlink()
    result = backup("receive", dump["name"], text, stdin=content)
    assert result.returncode == 0, result.stderr.decode()
    assert store.objects() == files(dump["name"])


def test_object_of_a_concurrent_backup_is_not_replaced(backup: Backup, store: Store, tmp_path: Path) -> None:
    """Two pods dump in the same second."""
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin/date"
    fake.write_text("#!/bin/sh\necho 20260102T030405Z\n")
    fake.chmod(0o755)
    folder = store.folder / "backups/onprem"
    folder.mkdir()
    (folder / "hankki-20260102T030405Z.dump").write_text("of the other pod")
    printed = failure(
        backup("take", PATH=f"{tmp_path}/bin:{store.rclone.parent}:{postgres_bin()}:{os.environ['PATH']}")
    )
    assert "immutable" in printed
    assert (folder / "hankki-20260102T030405Z.dump").read_text() == "of the other pod"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"RCLONE_S3_SECRET_ACCESS_KEY": "another key"}, "403"),
        ({"RCLONE_S3_ACCESS_KEY_ID": "unknown"}, "403"),
        ({"BUCKET": "missing/onprem"}, "directory not found"),
        ({"RCLONE_S3_ENDPOINT": f"https://{HOST}:1"}, "connection refused"),
        ({"RCLONE_CA_CERT": "/etc/ssl/certs/ca-certificates.crt"}, "certificate signed by unknown authority"),
    ],
)
def test_unusable_store_is_reported(
    backup: Backup, store: Store, changes: dict[str, str], reason: str
) -> None:
    started = time.monotonic()
    for command in ("take", "list"):
        printed = failure(backup(command, **changes))
        assert reason in printed
        assert "S3 at https://" in printed
    assert time.monotonic() - started < 60  # rclone waits up to 20 s between the attempts of a request
    assert store.objects() == []


def test_large_dump_is_uploaded_in_parts_and_no_process_exceeds_the_memory_limit(
    postgres: Postgres, database: str, backup: Backup, store: Store
) -> None:
    """rclone uploads in parts above the cutoff, which is 200 MiB by default. Random bytes stay large."""
    postgres.execute("CREATE EXTENSION pgcrypto", database)
    postgres.execute(
        "CREATE TABLE ballast AS SELECT gen_random_bytes(1024) AS part FROM generate_series(1, 30 * 1024)",
        database,
    )
    cutoff = "6Mi"
    dump = taken(backup, RCLONE_S3_UPLOAD_CUTOFF=cutoff)
    assert dump["bytes"] > 30 << 20
    assert store.objects() == files(dump["name"])
    sent = backup("send", dump["name"])
    assert hashlib.sha256(sent.stdout).hexdigest() == dump["sha256"]
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10
    assert most < LIMIT, f"{most >> 20} MiB"
