# Functions of the benchmarks. Sourced. Tables go to stdout, progress to stderr.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }
die() {
  say "bench: $*"
  exit 1
}

seconds_between() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f\n", b - a }'; }

# timed FILE COMMAND...: runs COMMAND and appends its duration in seconds to FILE
timed() {
  local file=$1 started=$EPOCHREALTIME
  shift
  "$@"
  seconds_between "$started" "$EPOCHREALTIME" >>"$file"
}

# summary FILE: the median of the seconds in FILE, with minimum and maximum
summary() {
  sort -n "$1" | awk '
    function s(x) { return sprintf(x < 10 ? "%.2f" : "%.1f", x) }
    { v[NR] = $1 }
    END { printf "%s s (%s–%s)", s(v[int((NR + 1) / 2)]), s(v[1]), s(v[NR]) }'
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# ratio BASE OURS: the quotient of the medians of two files
ratio() { awk -v a="$(median "$1")" -v b="$(median "$2")" 'BEGIN { printf "%.2f", b / a }'; }

# longer BASE OURS: the difference of the medians of two files
longer() { awk -v a="$(median "$1")" -v b="$(median "$2")" 'BEGIN { printf "%+.2f s", b - a }'; }

# logged WHAT COMMAND...: runs COMMAND and prints the end of its output only if it fails
logged() {
  local what=$1 status
  shift
  set +e
  (
    set -e
    "$@"
  ) >"$work/log" 2>&1
  status=$?
  set -e
  if ((status)); then
    tail -n 40 "$work/log" >&2
    die "$what failed (exit code $status)"
  fi
}

# The lab's addresses of the database and of the registry without a password.
export DATABASE_HOST=10.0.1.3 REGISTRY=127.0.0.1:5000
