#!/usr/bin/env bash
# toolchain.sh: the Pulumi CLI and the plugins of the versions pinned here. What is there already in these versions (on
# PATH, in $PULUMI_HOME/plugins) is used as it is; the rest is built. With LAB=off the CLI fetches its plugins itself
# when it needs them (but for `make render`, which works anywhere), and no builder is made.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${HANKKI_CACHE:?}" "${PULUMI_HOME:?}" "${USERS_PULUMI_HOME:?}"

# Without LAB=off they differ. The CLI has no switch for its automatic debug log, but goes without where `logs` is a file.
if [[ $PULUMI_HOME != "$USERS_PULUMI_HOME" ]]; then
  mkdir -p "$PULUMI_HOME" "$USERS_PULUMI_HOME/plugins"
  ln -sfn "$USERS_PULUMI_HOME/plugins" "$PULUMI_HOME/plugins"
  : >"$PULUMI_HOME/logs"
fi

build() { "$here/build.sh" "$here/binaries" "$here" "$@"; }

# An own build links itself into $HANKKI_CACHE/bin, which comes first on PATH: look behind it.
others=${PATH//$HANKKI_CACHE\/bin:/}
cli=$(sed -n 's/.*version\.Version=//p' "$here/pulumi/ldflags")
if [[ $(PATH=$others pulumi version 2>/dev/null) == "$cli" ]] && PATH=$others command -v pulumi-language-go >/dev/null; then
  rm -f "$HANKKI_CACHE"/bin/pulumi{,-language-go}
else
  build pulumi pulumi-language-go
fi

if [[ ${LAB:-on} == off ]]; then exit; fi
"$here/plugin.sh" kubernetes
"$here/plugin.sh" docker-build
build docker-buildx buildkitd
