#!/usr/bin/env bash
# plugin.sh NAME: makes sure that $PULUMI_HOME/plugins has the Pulumi plugin NAME of the version pinned here. One that the
# CLI has fetched is used as it is, else it is built.
set -euo pipefail
name=pulumi-resource-$1
here=$(cd "$(dirname "$0")" && pwd)
: "${HANKKI_CACHE:?}" "${PULUMI_HOME:?}"

# buildx and BuildKit, out of docker-build's module, have versions of their own.
version=$(sed -n 's/.*\(provider\|pkg\/version\)\.Version=//p' "$here/$name/ldflags")
folder=$PULUMI_HOME/plugins/resource-$1-v${version:?"is not pinned in $name/ldflags"}
if [[ -x $folder/$name && ! -L $folder/$name ]]; then exit; fi # the CLI's own
"$here/build.sh" "$here/binaries" "$here" "$name"
mkdir -p "$folder"
ln -sfn "$(readlink -f "$HANKKI_CACHE/bin/$name")" "$folder/$name"
rm "$HANKKI_CACHE/bin/$name" # the CLI warns of a plugin that is on PATH as well
