#!/usr/bin/env bash
# test-summary.sh NAME COMMAND...: runs the test runner COMMAND (go test, pytest or Vitest) and writes its summary lines to
# $HANKKI_CACHE/test-summary/NAME, and the durations of its steps to NAME.durations. `make test` prints all summaries and the slowest
# steps at its end. If the runner fails, its whole output stays in NAME.failed, and the lines with the errors are repeated as the last
# lines: a test's clean-up may print hundreds of lines after the first error.
set -euo pipefail
summary=$HANKKI_CACHE/test-summary/$1
shift
mkdir -p "${summary%/*}"
if [[ -t 1 ]]; then export FORCE_COLOR=1; fi # pytest and Vitest see a pipe here
# The first line of an error: of go test, of Playwright in a Go test, of pytest, of Vitest.
errors='^ *[a-z0-9_]+_test\.go:[0-9]+: |^ *--- FAIL: |^ *[0-9]+\) \[|^ *Error: |^(FAILED|ERROR) tests/|^ *FAIL +tests/'
status=0
"$@" 2>&1 | tee -i "$summary.all" || status=$?
# A runner that was interrupted has printed no summary.
sed 's/\x1b\[[0-9;]*m//g' "$summary.all" | grep -E $'^(ok +\t|FAIL(\t|$)|PASS$|=+ .* in [0-9.]+s.* =+$| *Test Files | +Tests )' >"$summary" || true
sed 's/\x1b\[[0-9;]*m//g' "$summary.all" | awk -f "${BASH_SOURCE[0]%/*}/test-durations.awk" >"$summary.durations"
if ((status)); then
  mv "$summary.all" "$summary.failed"
  printf '\n== the errors of %s (the whole output is in %s)\n' "${summary##*/}" "$summary.failed"
  sed 's/\x1b\[[0-9;]*m//g' "$summary.failed" | grep -E "$errors" || true
else
  rm -f "$summary.all" "$summary.failed"
fi
exit "$status"
