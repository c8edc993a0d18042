#!/usr/bin/env bash
# closing.sh NAME COMMAND...: runs the test runner COMMAND and keeps the lines that sum up what it found, as Go, pytest and
# Vitest write them, in $HANKKI_CACHE/closing/NAME: other steps follow, and `make test` ends with them.
set -euo pipefail
kept=$HANKKI_CACHE/closing/$1
shift
mkdir -p "${kept%/*}"
if [[ -t 1 ]]; then export FORCE_COLOR=1; fi # for pytest and Vitest see a pipe
status=0
"$@" 2>&1 | tee -i "$kept.all" || status=$?
# A runner that came to no end has none.
sed 's/\x1b\[[0-9;]*m//g' "$kept.all" | grep -E $'^(ok +\t|FAIL(\t|$)|PASS$|=+ .* in [0-9.]+s.* =+$| *Test Files | +Tests )' >"$kept" || true
rm "$kept.all"
exit "$status"
