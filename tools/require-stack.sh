#!/usr/bin/env bash
# require-stack.sh STACK [create]: fails if the backend has no such stack. With "create" it creates the stack if the project has
# Pulumi.STACK.yaml, so that a mistyped name creates none. It leaves the stack selected that the user has selected.
set -euo pipefail
stack=$1 create=${2:-}
if error=$(pulumi stack --show-name --stack "$stack" --non-interactive 2>&1 >/dev/null); then exit; fi
if [[ $error != *"no stack named"* ]]; then
  echo "$error" >&2
  exit 1
elif [[ ! -e Pulumi.$stack.yaml ]]; then
  echo "stack $stack does not exist in this backend, and the project has no Pulumi.$stack.yaml: set STACK to another stack; \`pulumi stack ls\` lists those that exist" >&2
  exit 1
elif [[ $create != create ]]; then
  echo "stack $stack does not exist in this backend: \`pulumi stack init $stack\` creates it, \`pulumi login\` chooses another backend" >&2
  exit 1
fi
pulumi stack init "$stack" --no-select --non-interactive
