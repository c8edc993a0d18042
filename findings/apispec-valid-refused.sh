#!/usr/bin/env bash
# apispec 6.10.1 with marshmallow 4.4.0: the OpenAPI document and the schema it is made of disagree about valid values.
#
# apispec generates the document from the fields that validate requests and serialize responses. A client or a contract test
# that follows the document gets other results (jsonschema 4.26.0 reads the document, which is OpenAPI 3.1):
# - ContainsOnly on a list becomes an enum of the list itself, not of its items: no list is valid.
# - Length on a Dict becomes minLength, which does not apply to an object: {} is valid, and marshmallow refuses it.
# - A field with as_string=True is still a number, and a Date with a custom format still a "date": each response is invalid.
# - 2.0 is an integer in JSON Schema, but not for an Integer with strict=True.
#
# Observed:
#   request {"tags": ["soup"]}      marshmallow: valid      document: refused
#   request {"units": {}}           marshmallow: refused    document: valid
#   request {"servings": 2.0}       marshmallow: refused    document: valid
#   answer  {"price": "1.50"}       marshmallow: valid      document: refused
#   answer  {"day": "28.11.2026"}   marshmallow: valid      document: refused
#
# Exit: 0 as stated, 1 changed, 2 not tried.
set -euo pipefail
trap 'exit 2' ERR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check apispec==6.10.1 marshmallow==4.4.0 jsonschema==4.26.0
said=$(venv/bin/python - <<'PY'
import datetime
import decimal
import json

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from jsonschema import Draft202012Validator
from marshmallow import Schema, ValidationError, fields, validate


class Recipe(Schema):
    tags = fields.List(fields.String(), validate=validate.ContainsOnly(["soup", "rice"]))
    units = fields.Dict(fields.String(), fields.String(), validate=validate.Length(min=1))
    servings = fields.Integer(strict=True)
    price = fields.Decimal(places=2, as_string=True)
    day = fields.Date(format="%d.%m.%Y")


spec = APISpec("shop", "1", "3.1.0", plugins=[MarshmallowPlugin()])
spec.components.schema("Recipe", schema=Recipe)
document = Draft202012Validator(
    spec.to_dict()["components"]["schemas"]["Recipe"],
    format_checker=Draft202012Validator.FORMAT_CHECKER,
)


def tell(kind, data):
    try:
        Recipe().load(data)
        schema = "valid"
    except ValidationError:
        schema = "refused"
    told = "valid" if document.is_valid(data) else "refused"
    print(f"{kind:7} {json.dumps(data):23} marshmallow: {schema:10} document: {told}")


tell("request", {"tags": ["soup"]})
tell("request", {"units": {}})
tell("request", {"servings": 2.0})
tell("answer", Recipe().dump({"price": decimal.Decimal("1.5")}))
tell("answer", Recipe().dump({"day": datetime.date(2026, 11, 28)}))
PY
)
printf '%s\n' "$said"

[[ $said == 'request {"tags": ["soup"]}      marshmallow: valid      document: refused
request {"units": {}}           marshmallow: refused    document: valid
request {"servings": 2.0}       marshmallow: refused    document: valid
answer  {"price": "1.50"}       marshmallow: valid      document: refused
answer  {"day": "28.11.2026"}   marshmallow: valid      document: refused' ]] || exit 1
