#!/usr/bin/env bash
# lint-api.sh [DOCUMENT [EXCEPTIONS]]: fails if the API's OpenAPI document breaks clients of the released one. Both default to the
# files of the repository. oasdiff compares the documents; a change that it only suspects to be breaking (a warning) fails too.
# The exceptions are lines of oasdiff's own output.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${HANKKI_CACHE:?}"
document=${1:-images/frontend/src/api/openapi.json}
exceptions=${2:-images/backend/released/exceptions.txt}

tools/build.sh tools/lint-binaries tools oasdiff
"$HANKKI_CACHE/bin/oasdiff" breaking --format singleline --fail-on WARN --err-ignore "$exceptions" --warn-ignore "$exceptions" \
  images/backend/released/openapi.json "$document" || {
  code=$?
  echo "$document breaks clients of images/backend/released/openapi.json: see \"Change the API\" in images/backend/README.md" >&2
  exit "$code"
}
