#!/usr/bin/env bash
# build.sh TABLE MODULES [NAME...]: builds the binaries that TABLE lists (all, or the named ones) from the Go modules in the
# folder MODULES and links them into $HANKKI_CACHE/bin. A binary is rebuilt when the content of its module's folder, the Go
# version or the build flags change. Go downloads the modules from its module proxy and verifies them by go.sum; it downloads those
# of the next binaries while it compiles one.
#
# A line of TABLE has the name of a binary, its module (a folder in MODULES), its package, and the names of its commands if one
# binary is several commands; otherwise its name is its command. The file `ldflags` of a module has the versions that the linker
# sets: each line has the path of a package or of a folder of packages, and their flags.
set -euo pipefail
table=$1 modules=$2
names=("${@:3}")
: "${HANKKI_CACHE:?is not set: the folder for build results}"
# All binaries are compiled with the same flags: Go compiles a package again for other ones. No package has debug information,
# which the linker would remove (-s -w): the build cache needs 0.78 of the disk, and Go up to a fifth less CPU time.
export CGO_ENABLED=0 GOFLAGS="-buildvcs=false -trimpath -gcflags=all=-dwarf=false"
bin=$HANKKI_CACHE/bin
mkdir -p "$bin"

content_key() { # MODULE PACKAGE LDFLAGS: a hash of the inputs of the build
  (
    go version
    echo "$2 $3 $CGO_ENABLED $GOFLAGS"
    cd "$modules/$1"
    git ls-files -co --exclude-standard . | sort | xargs sha256sum
  ) | sha256sum | cut -c1-16
}

ldflags_of() { # MODULE PACKAGE
  local path flags
  printf '%s' "-s -w"
  [[ -f $modules/$1/ldflags ]] || return 0
  while read -r path flags; do
    [[ $2/ != "$path"/* ]] || printf ' %s' "$flags"
  done <"$modules/$1/ldflags"
}

binaries() { # the lines of the table that are to be built
  local name rest
  while read -r name rest; do
    case $name in '' | '#'*) continue ;; esac
    if [[ ${#names[@]} -eq 0 || " ${names[*]} " == *" $name "* ]]; then echo "$name $rest"; fi
  done <"$table"
}

# download_ahead "FOLDER PACKAGE"...: downloads the modules that packages need. `go build` waits for a download that is in progress,
# and reports the errors.
download_ahead() {
  local folder package
  while read -r folder package; do
    (cd "$folder" && exec go list -deps "$package") || true
  done < <(printf '%s\n' "$@")
}

declare -A flags=() outs=()
missing=()
while read -r name module package _; do
  flags[$name]=$(ldflags_of "$module" "$package")
  outs[$name]=$bin/$name-$(content_key "$module" "$package" "${flags[$name]}")
  [[ -x ${outs[$name]} ]] || missing+=("$modules/$module $package")
done < <(binaries)
if ((${#missing[@]} > 1)); then
  download_ahead "${missing[@]:1}" >/dev/null 2>&1 & # while Go compiles the first one
  # shellcheck disable=SC2064 # the process id of now
  trap "kill $! 2>/dev/null || true" EXIT
fi
while read -r name module package commands; do
  out=${outs[$name]}
  if [[ ! -x $out ]]; then
    started=$SECONDS
    echo "building $name from $module ..." >&2
    if [[ -x $modules/$module/generate.sh ]]; then "$modules/$module/generate.sh"; fi
    (cd "$modules/$module" && go build -ldflags="${flags[$name]}" -o "$out.partial" "$package")
    mv "$out.partial" "$out"
    echo "built $name in $((SECONDS - started)) s" >&2
  fi
  for command in ${commands:-$name}; do ln -sfn "$(basename "$out")" "$bin/$command"; done
done < <(binaries)
