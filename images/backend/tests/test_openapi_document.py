"""The front end's types come from a committed copy of the OpenAPI document, which must be up to date.

After a change of the API: UPDATE_OPENAPI=1 pytest tests/test_openapi_document.py, then `npm run generate`
in images/frontend.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from flask.testing import FlaskClient

COPY = Path(__file__).parents[2] / "frontend/src/api/openapi.json"


def test_committed_document_is_up_to_date(client: FlaskClient) -> None:
    served = client.get("/api/v1/openapi.json").json
    document = json.dumps(served, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_OPENAPI"):
        COPY.write_text(document)

    assert COPY.read_text() == document, (
        f"{COPY.name} in images/frontend/src/api is not the API's document: "
        "run UPDATE_OPENAPI=1 pytest tests/test_openapi_document.py in images/backend, "
        "then npm run generate in images/frontend"
    )
