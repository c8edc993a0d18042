#!/usr/bin/env bash
# test-summary.sh NAME COMMAND...: runs the test runner COMMAND (go test, pytest or Vitest) and writes its summary lines to
# $HANKKI_CACHE/test-summary/NAME, and the durations of its steps to NAME.durations. `make test` prints all summaries and the slowest
# steps at its end.
set -euo pipefail
summary=$HANKKI_CACHE/test-summary/$1
shift
mkdir -p "${summary%/*}"
if [[ -t 1 ]]; then export FORCE_COLOR=1; fi # pytest and Vitest see a pipe here
status=0
"$@" 2>&1 | tee -i "$summary.all" || status=$?
# A runner that was interrupted has printed no summary.
sed 's/\x1b\[[0-9;]*m//g' "$summary.all" | grep -E $'^(ok +\t|FAIL(\t|$)|PASS$|=+ .* in [0-9.]+s.* =+$| *Test Files | +Tests )' >"$summary" || true
sed 's/\x1b\[[0-9;]*m//g' "$summary.all" | awk -f "${BASH_SOURCE[0]%/*}/test-durations.awk" >"$summary.durations"
rm "$summary.all"
exit "$status"
