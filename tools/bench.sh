#!/usr/bin/env bash
# bench.sh PROJECT STACK: figures of a stack that is deployed and unchanged, as a table in Markdown; medians of five.
set -euo pipefail
project=$1 stack=$2

median() { # COMMAND...: seconds
  local started
  for _ in 1 2 3 4 5; do
    started=$EPOCHREALTIME
    "$@" >/dev/null 2>&1
    awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f\n", b - a }'
  done | sort -n | sed -n 3p
}

echo "| unchanged, stack $stack | seconds |"
echo "|---|---|"
echo "| \`pulumi preview\`, prebuilt program | $(median pulumi --cwd "$project" preview --stack "$stack" --non-interactive --expect-no-changes) |"
echo "| \`pulumi up\` | $(median pulumi --cwd "$project" up --stack "$stack" --yes --skip-preview --non-interactive --expect-no-changes) |"
echo "| \`make up\` | $(median make up STACK="$stack") |"
