#!/usr/bin/env bash
# module.sh FOLDER MODULE: the folder of the Go module MODULE, at the version that FOLDER/go.mod pins. It is fetched if Go's
# module cache has been emptied since; `go list` would answer with nothing.
set -euo pipefail
cd "$1"
answer=$(go mod download -json "$2") || true # what is wrong stands in it
folder=$(jq -r '.Dir // empty' <<<"$answer")
if [[ -z $folder ]]; then
  echo "module.sh: the Go module $2, which $1/go.mod pins, cannot be had: $(jq -r '.Error // empty' <<<"$answer")" >&2
  exit 1
fi
echo "$folder"
