"""Random requests that Schemathesis generates from the OpenAPI document, against the real server.

No response may be a server error (5xx), and every response must conform to the document.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from gunicorn_server import Gunicorn

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)
# Random requests for each operation, in addition to the edge cases of the document. The limit is a number and
# not a time, so a run on a busy machine takes longer but sends the same requests.
EXAMPLES = 10
# Seconds, ten times what a busy machine needs: only a server that hangs reaches it.
HANGS = 900

ENDS_SESSIONS = {
    ("POST", "/api/v1/auth/logout"),
    ("POST", "/api/v1/auth/logout-all"),
    ("PUT", "/api/v1/me/password"),
    ("POST", "/api/v1/me/deletion"),
}


def fuzz(gunicorn: Gunicorn, folder: Path, *options: str, settings: str = "") -> None:
    # By default, Schemathesis signs up and logs in by itself if it finds such routes.
    (folder / "schemathesis.toml").write_text(f"{settings}\n[auth]\nauto-signup = false\n")
    arguments = ["run", f"{gunicorn.proxied_url}/api/v1/openapi.json", "--checks", ",".join(CHECKS)]
    limits = ["--max-examples", str(EXAMPLES), "--request-timeout", "60", "--seed", "1"]
    stable = ["--continue-on-failure", "--suppress-health-check", "all", "--generation-database", "none"]
    result = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *arguments, *limits, *stable, *options],
        cwd=folder, capture_output=True, text=True, timeout=HANGS, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    defects = [line for line in gunicorn.lines() if "exception" in line or line.get("status", 0) >= 500]
    assert defects == []


def test_without_a_login(gunicorn: Gunicorn, tmp_path: Path) -> None:
    fuzz(gunicorn, tmp_path)


def test_logged_in(gunicorn: Gunicorn, tmp_path: Path) -> None:
    fuzz(gunicorn, tmp_path, settings=f"hooks = '{Path(__file__).with_name('fuzz_login.py')}'")

    assert operations(gunicorn) - answered(gunicorn, lambda status: status != 401) == set()
    # Operations that end sessions succeeded, and the run continued.
    assert ENDS_SESSIONS - answered(gunicorn, lambda status: status == 204) == set()


def operations(gunicorn: Gunicorn) -> set[tuple[str, str]]:
    """All operations of the document."""
    paths = gunicorn.request("GET", "/api/v1/openapi.json").json["paths"]
    return {
        (method.upper(), path) for path, item in paths.items() for method in item if method != "parameters"
    }


def answered(gunicorn: Gunicorn, so: Callable[[int], bool]) -> set[tuple[str, str]]:
    """The operations that got such a response at least once."""
    counted = [key for key in gunicorn.metrics() if key[0] == "http_requests_total"]
    return {(method, route) for _, method, route, status in counted if so(int(status))}
