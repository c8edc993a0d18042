#!/usr/bin/env bash
# render.sh STACK OUT [KEY=VALUE...]: writes the stack's manifests, with the given configuration laid over it, to the
# folder OUT, through the real engine and the real Kubernetes plugin, with a state of its own that is thrown away. No
# secret of the stack is read, let alone decrypted.
set -euo pipefail
stack=$1
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
shift 2
rm -rf "$out/0-crd" "$out/1-manifest" # what the plugin writes

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/state" "$work/project"
export PULUMI_BACKEND_URL=file://$work/state PULUMI_CONFIG_PASSPHRASE=render
unset PULUMI_CONFIG_PASSPHRASE_FILE KUBECONFIG
# Rendering works anywhere, so it does not count on the CLI to fetch the plugin.
"$here/tools/plugin.sh" kubernetes

# The chart comes from the pinned module, unless the stack says where else: no repository is asked.
# Names made up by Pulumi come without their random end, so that two renderings differ only where objects do.
overlay=(hankki:render.directory="$out" pulumi:autonaming.mode=verbatim "$@")
if ! grep -q '^    chart:' "$here/Pulumi.$stack.yaml"; then
  chart=$("$here/tools/chart.sh" metallb)
  overlay+=(hankki:metallb.chart.path="$chart")
fi
SECRETS=omit "$here/tools/stage.sh" "$stack" "$work/project" "${overlay[@]}"
pulumi --cwd "$work/project" up --stack "$stack" --yes --skip-preview --non-interactive >"$work/log" 2>&1 || {
  cat "$work/log" >&2
  exit 1
}
echo "$(find "$out" -name '*.yaml' | wc -l) manifests of the stack $stack are in $out"
