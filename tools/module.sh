#!/usr/bin/env bash
# module.sh FOLDER MODULE: prints the folder of the Go module MODULE, at the version that FOLDER/go.mod pins. `go mod download`
# fetches a module that is missing from Go's module cache; `go list` would print an empty folder.
set -euo pipefail
cd "$1"
answer=$(go mod download -json "$2") || true # the output has the error
folder=$(jq -r '.Dir // empty' <<<"$answer")
if [[ -z $folder ]]; then
  echo "module.sh: the Go module $2, which $1/go.mod pins, is not available: $(jq -r '.Error // empty' <<<"$answer")" >&2
  exit 1
fi
echo "$folder"
