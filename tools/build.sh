#!/usr/bin/env bash
# build.sh TABLE MODULES [NAME...]: builds the binaries that TABLE lists (all, or the named ones) from the Go modules in the
# folder MODULES and links them into $HANKKI_CACHE/bin. A binary is rebuilt when the content of its module's folder, the Go
# version or the build flags change. Go downloads the modules from its module proxy and verifies them by go.sum.
set -euo pipefail
table=$1 modules=$2
shift 2
: "${HANKKI_CACHE:?is not set: the folder for build results}"
export CGO_ENABLED=0 GOFLAGS=-buildvcs=false
bin=$HANKKI_CACHE/bin
mkdir -p "$bin"

content_key() { # MODULE PACKAGE: a hash of the inputs of the build
  (
    go version
    echo "$2 $CGO_ENABLED"
    cd "$modules/$1"
    git ls-files -co --exclude-standard . | sort | xargs sha256sum
  ) | sha256sum | cut -c1-16
}

while read -r name module package; do
  case $name in '' | '#'*) continue ;; esac
  [[ $# -eq 0 || " $* " == *" $name "* ]] || continue
  out=$bin/$name-$(content_key "$module" "$package")
  if [[ ! -x $out ]]; then
    started=$SECONDS
    echo "building $name from $module ..." >&2
    if [[ -x $modules/$module/generate.sh ]]; then "$modules/$module/generate.sh"; fi
    ldflags="-s -w"
    if [[ -f $modules/$module/ldflags ]]; then ldflags+=" $(tr '\n' ' ' <"$modules/$module/ldflags")"; fi
    (cd "$modules/$module" && go build -trimpath -ldflags="$ldflags" -o "$out.partial" "$package")
    mv "$out.partial" "$out"
    echo "built $name in $((SECONDS - started)) s" >&2
  fi
  ln -sfn "$(basename "$out")" "$bin/$name"
done <"$table"
