# Claims: one line each on the output, as in the Test Anything Protocol. Sourced by the checks.
# shellcheck shell=bash

failed=0 count=0

# claim WHAT COMMAND...: WHAT holds if COMMAND succeeds; its output is shown only if it fails
claim() {
  local what=$1 status=0
  shift
  count=$((count + 1))
  "$@" >"$work/output" 2>&1 || status=$?
  if ((status == 0)); then
    printf 'ok %d - %s\n' "$count" "$what"
  else
    printf 'not ok %d - %s\n' "$count" "$what"
    sed 's/^/#   /' "$work/output"
    failed=$((failed + 1))
  fi
}

claims_end() {
  printf '%d claims, %d failed\n' "$count" "$failed"
  ((failed == 0))
}
