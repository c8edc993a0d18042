#!/usr/bin/env bash
# review.sh: measures a warm `make review` of both stacks: the renderings of the base are cached, as in each review of a base but the
# first. It changes nothing, a file of an image, or a component, in a copy of the last commit. Prints a Markdown table with the medians
# of three rounds. The steps of a review overlap: the tools are found while the program is compiled, and both stacks are previewed at once.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/bench/lib.sh
: "${HANKKI_COMMAND:?}"
work=$(mktemp -d)
trap 'git worktree remove --force "$work/tree"; rm -rf "$work"' EXIT
git worktree add --quiet --detach "$work/tree" HEAD

# change CHANGE: changes the copy. The content is new in each round of each run, so neither its rendering nor its program is cached.
change() {
  case $1 in
    nothing) ;;
    image) echo "# $EPOCHREALTIME" >>"$work/tree/images/backend/app/__init__.py" ;;
    component) echo "var _ = \"$EPOCHREALTIME\"" >>"$work/tree/components/workload.go" ;;
  esac
}

# review FOLDER: reviews the copy, and appends the seconds of the review, of its CPU and of its steps to files in FOLDER.
review() {
  local TIMEFORMAT='%R %U %S'
  if ! { time "$HANKKI_COMMAND" review --cwd "$work/tree" --base HEAD --stack dev,onprem >"$work/report" 2>"$work/steps"; } 2>"$work/time"; then
    cat "$work/steps" >&2
    die "the review failed"
  fi
  mkdir -p "$1"
  awk -v to="$1" '{ print $1 >>(to "/total"); print $2 + $3 >>(to "/cpu") }' "$work/time"
  sed -En 's/^ *([0-9.]+) s  ([^\/]*)$/\1 \2/p' "$work/steps" | while read -r seconds step; do echo "$seconds" >>"$1/$step"; done
}

prepare() { make LAB=off tools command; }

review "$work/first" # caches the renderings of the base
for round in 1 2 3; do
  mkdir -p "$work"/{nothing,image,component}
  for changed in nothing image component; do
    say "round $round, changed: $changed"
    git -C "$work/tree" checkout --quiet .
    change $changed
    timed "$work/$changed/make" logged "make tools command" prepare
    review "$work/$changed"
  done
done

cell() { if [[ -e $1 ]]; then summary "$1"; else echo "–"; fi; }
row() { echo "| $1 | $(cell "$work/nothing/$2") | $(cell "$work/image/$2") | $(cell "$work/component/$2") |"; }
echo "| warm review of dev and onprem, medians of 3 (least–greatest); changed: | nothing | an image | a component |"
echo "|---|---|---|---|"
row "\`make tools command\`" make
row "\`hankki review\`, with these steps (goal: 20)" total
for step in checkouts "tools of the working tree" "program of the working tree" "preview of dev at the working tree" "preview of onprem at the working tree"; do
  row "$step" "$step"
done
row "CPU time of \`hankki review\`" cpu
