#!/usr/bin/env bash
# if-changed.sh NAME "INPUT..." COMMAND...: runs the test COMMAND, unless it passed on this machine with the same inputs, as `go test`
# does. The inputs are COMMAND, the files below each INPUT in the working tree (untracked ones too, ignored ones not), and the versions
# of the Debian packages. A skipped run says so and keeps the summary of test-summary.sh. FRESH=1 runs COMMAND always.
set -euo pipefail
name=$1 inputs=$2
shift 2
summary=$HANKKI_CACHE/test-summary/$name
passed=$summary.passed
key=$(
  {
    echo "$*"
    dpkg-query --show
    # shellcheck disable=SC2086 # the words are the inputs
    git ls-files --cached --others --exclude-standard --deduplicate -z $inputs | sort --zero-terminated |
      while IFS= read -r -d '' file; do
        [[ ! -e $file ]] || { stat --format='%A %n' "$file" && sha256sum <"$file"; }
      done
  } | sha256sum | cut -c1-64
)
if [[ ${FRESH:-} != 1 && -e $passed ]] && read -r same at <"$passed" && [[ $same == "$key" ]]; then
  line="unchanged: $name passed on this machine at $at with the same files and packages (FRESH=1 runs it again)"
  echo "$line"
  if [[ -e $summary ]]; then
    { echo "$line" && sed '/^unchanged: /d' "$summary"; } >"$summary.partial" && mv "$summary.partial" "$summary"
    : >"$summary.durations"
  fi
  exit 0
fi
rm -f "$passed"
"$@"
mkdir -p "${passed%/*}"
echo "$key $(date --utc +%Y-%m-%dT%H:%MZ)" >"$passed"
