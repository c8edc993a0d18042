# Prints one line for each check, in the format of the Test Anything Protocol. Sourced by the test scripts.
# shellcheck shell=bash

failed=0 count=0

# check WHAT COMMAND...: passes if COMMAND succeeds; prints its output only if it fails
check() {
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

checks_end() {
  printf '%d checks, %d failed\n' "$count" "$failed"
  ((failed == 0))
}
