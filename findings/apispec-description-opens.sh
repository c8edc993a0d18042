#!/usr/bin/env bash
# apispec 6.10.1 with marshmallow 4.4.0: a schema with a description is documented as open to unknown properties.
#
# marshmallow refuses unknown properties by default, and apispec documents that as "additionalProperties": false. If the
# schema's Meta has a description, apispec writes the description and leaves additionalProperties out. A client or a contract
# test that reads the document (jsonschema 4.26.0) then takes a misspelt property for valid, which the API refuses. A title
# does not have that effect.
#
# Observed:
#   request {"nmae": "soup"}   marshmallow: refused
#   plain        additionalProperties: False    document: refused
#   title        additionalProperties: False    document: refused
#   description  additionalProperties: absent   document: valid
#
# Exit: 0 as stated, 1 changed, 2 not tried.
set -euo pipefail
trap 'exit 2' ERR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check apispec==6.10.1 marshmallow==4.4.0 jsonschema==4.26.0
seen=$(venv/bin/python - <<'PY'
import json

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from jsonschema import Draft202012Validator
from marshmallow import Schema, fields

request = {"nmae": "soup"}


class Plain(Schema):
    name = fields.String()


class Title(Plain):
    class Meta:
        title = "A recipe"


class Description(Plain):
    class Meta:
        description = "A recipe and its price"


spec = APISpec("shop", "1", "3.1.0", plugins=[MarshmallowPlugin()])
refused = all(schema().validate(request) for schema in (Plain, Title, Description))
print(f"request {json.dumps(request)}   marshmallow: {'refused' if refused else 'valid'}")
for schema in (Plain, Title, Description):
    name = schema.__name__.lower()
    spec.components.schema(name, schema=schema)
    document = spec.to_dict()["components"]["schemas"][name]
    valid = "valid" if Draft202012Validator(document).is_valid(request) else "refused"
    print(f"{name:12} additionalProperties: {document.get('additionalProperties', 'absent')!s:8} document: {valid}")
PY
)
printf '%s\n' "$seen"

[[ $seen == 'request {"nmae": "soup"}   marshmallow: refused
plain        additionalProperties: False    document: refused
title        additionalProperties: False    document: refused
description  additionalProperties: absent   document: valid' ]] || exit 1
