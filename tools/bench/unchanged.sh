#!/usr/bin/env bash
# unchanged.sh PROJECT STACK [COMMAND...]: measures `kubectl diff`, `pulumi preview`, `pulumi up` and COMMAND, if given, on a deployed,
# unchanged stack. Prints a Markdown table with the medians of five rounds.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/bench/lib.sh
project=$1 stack=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# kubectl compares the same objects as pulumi. The long number is the key that marks a secret in the state.
pulumi --cwd "$project" stack export --stack "$stack" --show-secrets | jq '
  [.deployment.resources[] | select(.type | startswith("kubernetes:")) | .inputs // {} | select(.kind)
    | with_entries(select(.key | startswith("__") | not))]
  | walk(if type == "object" and .["4dabf18193072939515e22adb298388d"] == "1b47061264138c4ac30d75fd1eb44270"
         then .plaintext | fromjson else . end)
  | {apiVersion: "v1", kind: "List", items: .}' >"$work/objects.json"
objects=$(jq '.items | length' "$work/objects.json")

preview() { pulumi --cwd "$project" preview --stack "$stack" --non-interactive --expect-no-changes; }
up() { pulumi --cwd "$project" up --stack "$stack" --yes --skip-preview --non-interactive --expect-no-changes; }
compare() { kubectl diff -f "$work/objects.json" || (($? == 1)); } # 1: there are differences

say "unchanged, stack $stack, $objects objects"
for _ in 1 2 3 4 5; do
  timed "$work/diff" logged "kubectl diff" compare
  grep '^diff ' "$work/log" >&2 || true # prints what the cluster itself has changed, if anything
  timed "$work/preview" logged "pulumi preview" preview
  timed "$work/up" logged "pulumi up" up
  [[ $# -eq 0 ]] || timed "$work/command" logged "$*" "$@"
done

row() { echo "| $1 | $(summary "$work/$2") | $(ratio "$work/diff" "$work/$2") |"; }
echo "| unchanged, stack $stack, medians of 5 (least–greatest) | | ratio |"
echo "|---|---|---|"
row "\`kubectl diff\` of the same $objects objects" diff
row "\`pulumi preview\` (goal: 2)" preview
row "\`pulumi up\`" up
[[ $# -eq 0 ]] || row "\`$*\`" command
