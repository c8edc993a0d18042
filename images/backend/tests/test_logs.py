from __future__ import annotations

import json
import logging

from app.logs import JsonFormatter


def test_each_log_record_is_one_line() -> None:
    message = "끓는\n국\r\u0085\u2028\u2029\x0b\x0c\x1c"
    line = JsonFormatter().format(logging.LogRecord("app", logging.INFO, "", 0, message, (), None))

    assert line.splitlines() == [line]
    assert json.loads(line)["message"] == message
    assert "끓는" in line
