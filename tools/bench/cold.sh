#!/usr/bin/env bash
# cold.sh BASE [NAME...]: builds what `make up` builds with Go, at the commit BASE and at HEAD, each with an empty build cache, and
# prints a Markdown table: CPU time, wall time, source, binaries and build cache. With names it builds only the binaries with these
# names in tools/binaries and lab/binaries; a name may be missing in one of the commits.
#
# Both sides use one copy of the machine's downloaded modules, which are unpacked before the measurement. The source is that of the
# packages that Go compiles: a package counts once for each version of its module, also if Go compiles it again for other flags.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/bench/lib.sh
base=${1:?is missing: the commit to compare with}
shift
names=("$@")
downloads=$(go env GOMODCACHE)/cache/download
work=$(mktemp -d)
cleanup() {
  local side
  for side in base head; do git worktree remove --force "$work/$side" 2>/dev/null || true; done
  chmod -R u+w "$work" # Go's folders of modules are read-only
  rm -rf "$work"
}
trap cleanup EXIT

export GOMODCACHE=$work/modules
mkdir -p "$GOMODCACHE/cache"
# Links take no space, but need the same file system.
cp -al "$downloads" "$GOMODCACHE/cache/" 2>/dev/null || { rm -rf "$GOMODCACHE/cache/download" && cp -a "$downloads" "$GOMODCACHE/cache/"; }

tables() { printf '%s\n' "tools/binaries tools" "lab/binaries lab/modules"; } # table, folder of its modules

has_command() { [[ -d cmd/hankki ]]; } # older commits have only the program

# packages: the folder and the name of each package to build, once each
packages() {
  local table folder name module package
  while read -r table folder; do
    while read -r name module package _; do
      case $name in '' | '#'*) continue ;; esac
      if [[ ${#names[@]} -eq 0 || " ${names[*]} " == *" $name "* ]]; then echo "$folder/$module $package"; fi
    done <"$table"
  done < <(tables) | sort -u
  if [[ ${#names[@]} -eq 0 ]]; then
    echo ". ."
    if has_command; then echo ". ./cmd/hankki"; fi
  fi
}

source_files() { # every file that Go compiles, once for each version of its module
  local folder package
  while read -r folder package; do
    if [[ -x $folder/generate.sh ]]; then "$folder/generate.sh"; fi
    # shellcheck disable=SC2016 # a template of Go
    CGO_ENABLED=0 go -C "$folder" list -deps -f '{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}{{range .SFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}' "$package"
  done < <(packages) | grep . | sort -u
}

build() {
  local table folder
  while read -r table folder; do tools/build.sh "$table" "$folder" "${names[@]}"; done < <(tables)
  if [[ ${#names[@]} -eq 0 ]]; then
    make program
    if has_command; then make command; fi
  fi
}

mebibytes() { du --summarize --block-size=1M "$1" | cut -f1; }

measure() { # SIDE COMMIT: writes the values of the side's row to $work/SIDE.row
  local bytes cpu wall TIMEFORMAT='%R %U %S'
  say "$1 ($(git rev-parse --short "$2")): listing the source"
  git worktree add --quiet --detach "$work/$1" "$2"
  export HANKKI_CACHE=$work/$1-cache GOCACHE=$work/$1-build
  bytes=$(cd "$work/$1" && source_files | tr '\n' '\0' | xargs -0 stat --format %s | awk '{ n += $1 } END { printf "%.0f", n }')
  rm -rf "$GOCACHE" # go list has compiled nothing, but it caches too
  say "$1: building"
  { time (cd "$work/$1" && build) 2>"$work/$1.log"; } 2>"$work/time" || {
    tail -n 40 "$work/$1.log" >&2
    die "the build of $2 failed"
  }
  read -r wall cpu < <(awk '{ print $1, $2 + $3 }' "$work/time")
  echo "$cpu $wall $bytes $(find "$HANKKI_CACHE" -type f -perm /u+x | wc -l) $(mebibytes "$GOCACHE")" >"$work/$1.row"
  rm -rf "$GOCACHE" "$HANKKI_CACHE" # disk: the other side needs as much
}

measure base "$base"
measure head HEAD
echo "| ${names[*]:-all binaries} | CPU s | wall s | compiled source MB | binaries | build cache MiB |"
echo "|---|---|---|---|---|---|"
awk -v base="$(git rev-parse --short "$base")" -v head="$(git rev-parse --short HEAD)" '
  { printf "| %s | %.0f | %.0f | %.1f | %d | %d |\n", FNR == NR ? base : head, $1, $2, $3 / 1e6, $4, $5 }
  FNR == NR { split($0, b); next }
  { printf "| ratio | %.2f | %.2f | %.2f | %.2f | %.2f |\n", $1 / b[1], $2 / b[2], $3 / b[3], $4 / b[4], $5 / b[5] }' \
  "$work/base.row" "$work/head.row"
