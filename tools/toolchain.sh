#!/usr/bin/env bash
# toolchain.sh: the Pulumi CLI and the plugins of the versions pinned here. What is there already in these versions (on
# PATH, in $PULUMI_HOME/plugins) is used as it is; the rest is built. With LAB=off the CLI fetches its plugins itself
# when it needs them, and no builder is made.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${HANKKI_CACHE:?}" "${PULUMI_HOME:?}" "${USERS_PULUMI_HOME:?}"

# Without LAB=off they differ. The CLI has no switch for its automatic debug log, but goes without where `logs` is a file.
if [[ $PULUMI_HOME != "$USERS_PULUMI_HOME" ]]; then
  mkdir -p "$PULUMI_HOME" "$USERS_PULUMI_HOME/plugins"
  ln -sfn "$USERS_PULUMI_HOME/plugins" "$PULUMI_HOME/plugins"
  : >"$PULUMI_HOME/logs"
fi

version_of() { sed -n "s/.*$2=\(v\{0,1\}[0-9.]*\).*/\1/p" "$here/$1/ldflags"; }
build() { "$here/build.sh" "$here/binaries" "$here" "$@"; }

# An own build links itself into $HANKKI_CACHE/bin, which comes first on PATH: look behind it.
others=${PATH//$HANKKI_CACHE\/bin:/}
cli=$(version_of pulumi version.Version)
if [[ $(PATH=$others pulumi version 2>/dev/null) == "$cli" ]] && PATH=$others command -v pulumi-language-go >/dev/null; then
  rm -f "$HANKKI_CACHE"/bin/pulumi{,-language-go}
else
  build pulumi pulumi-language-go
fi

plugin() { # NAME VERSION
  local folder=$PULUMI_HOME/plugins/resource-$1-v$2
  local file=$folder/pulumi-resource-$1
  if [[ -x $file && ! -L $file ]]; then return; fi # the CLI's own
  if [[ ${LAB:-on} == off ]]; then return; fi
  build "pulumi-resource-$1"
  mkdir -p "$folder"
  ln -sfn "$(readlink -f "$HANKKI_CACHE/bin/pulumi-resource-$1")" "$file"
  rm "$HANKKI_CACHE/bin/pulumi-resource-$1" # the CLI warns of a plugin that is on PATH as well
}
plugin kubernetes "$(version_of pulumi-resource-kubernetes version.Version)"
plugin docker-build "$(version_of pulumi-resource-docker-build provider.Version)"
if [[ ${LAB:-on} == on ]]; then build docker-buildx buildkitd; fi
