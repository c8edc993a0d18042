#!/usr/bin/env bash
# plugin.sh NAME: makes sure that $PULUMI_HOME/plugins has the Pulumi plugin NAME in the pinned version. A plugin that the CLI
# downloaded is used as it is; otherwise this script builds it.
set -euo pipefail
name=pulumi-resource-$1
here=$(cd "$(dirname "$0")" && pwd)
: "${HANKKI_CACHE:?}" "${PULUMI_HOME:?}"

# The flags of docker-build's module also have the versions of buildx and BuildKit.
version=$(sed -n 's/.*\(provider\|pkg\/version\)\.Version=//p' "$here/$name/ldflags")
folder=$PULUMI_HOME/plugins/resource-$1-v${version:?"is not pinned in $name/ldflags"}
if [[ -x $folder/$name && ! -L $folder/$name ]]; then exit; fi # downloaded by the CLI
mkdir -p "$folder" "$HANKKI_CACHE/bin"
exec 9<"$HANKKI_CACHE/bin"
flock 9 # a review needs the plugin for two revisions at once, perhaps in two versions, and both are linked in this folder
"$here/build.sh" "$here/binaries" "$here" "$name"
ln -sfn "$(readlink -f "$HANKKI_CACHE/bin/$name")" "$folder/$name"
rm "$HANKKI_CACHE/bin/$name" # the CLI warns about a plugin that is also on PATH
