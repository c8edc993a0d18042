"""Requests that nobody thought of: made by Schemathesis from the OpenAPI document, sent to the real server.

Whatever comes, no answer is a defect (5xx), and every answer is what the document says it may be.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from accounts import EMAIL, NAME, PASSWORD
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
# Of each run: what is left of it after the edge cases of the document goes into random requests.
SECONDS = 30


def fuzz(gunicorn: Gunicorn, folder: Path, *options: str) -> None:
    # Left alone, it would sign up and log in by itself where it finds such routes.
    (folder / "schemathesis.toml").write_text("[auth]\nauto-signup = false\n")
    arguments = ["run", f"{gunicorn.url}/api/v1/openapi.json", "--checks", ",".join(CHECKS)]
    limits = ["--max-time", str(SECONDS), "--request-timeout", "10", "--seed", "1", "--continue-on-failure"]
    result = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *arguments, *limits, *options],
        cwd=folder, capture_output=True, text=True, timeout=4 * SECONDS, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    defects = [line for line in gunicorn.lines() if "exception" in line or line.get("status", 0) >= 500]
    assert defects == []


def test_anybody(gunicorn: Gunicorn, tmp_path: Path) -> None:
    fuzz(gunicorn, tmp_path)


def test_logged_in(gunicorn: Gunicorn, tmp_path: Path) -> None:
    account = {"email": EMAIL, "password": PASSWORD, "name": NAME}
    assert gunicorn.request("POST", "/api/v1/auth/signup", account).status == 201
    answer = gunicorn.request("POST", "/api/v1/auth/login", {"email": EMAIL, "password": PASSWORD})
    assert answer.status == 200

    fuzz(gunicorn, tmp_path, "--header", f"Authorization: Bearer {answer.json['accessToken']}")
