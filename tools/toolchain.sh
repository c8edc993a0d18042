#!/usr/bin/env bash
# toolchain.sh: builds the pinned versions of the Pulumi CLI, its plugins, buildx and BuildKit. A CLI on PATH or a plugin in
# $PULUMI_HOME/plugins of the pinned version is used as it is. With LAB=off it builds only the CLI: the CLI downloads its plugins
# when it needs them, and `make render` builds its own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${HANKKI_CACHE:?}" "${PULUMI_HOME:?}" "${USERS_PULUMI_HOME:?}"

# On the lab the two folders differ. The CLI has no switch for its automatic debug log, but writes none if `logs` is a file.
if [[ $PULUMI_HOME != "$USERS_PULUMI_HOME" ]]; then
  mkdir -p "$PULUMI_HOME" "$USERS_PULUMI_HOME/plugins"
  ln -sfn "$USERS_PULUMI_HOME/plugins" "$PULUMI_HOME/plugins"
  : >"$PULUMI_HOME/logs"
fi

build() { "$here/build.sh" "$here/binaries" "$here" "$@"; }

# Our own build is linked in $HANKKI_CACHE/bin, which is first on PATH: search the rest of PATH for another CLI.
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
