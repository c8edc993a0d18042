#!/usr/bin/env bash
# render.sh STACK OUT [KEY=VALUE...]: writes the stack's manifests to the folder OUT, with the given configuration merged into the
# stack's. It runs the real engine and the real Kubernetes plugin on a temporary state. It does not read the stack's secrets.
set -euo pipefail
stack=$1
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
shift 2
rm -rf "$out/0-crd" "$out/1-manifest" # the folders that the plugin writes

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/state" "$work/project"
export PULUMI_BACKEND_URL=file://$work/state PULUMI_CONFIG_PASSPHRASE=render
unset PULUMI_CONFIG_PASSPHRASE_FILE KUBECONFIG
# Rendering must work without internet access, so the CLI may be unable to download the plugin.
"$here/tools/plugin.sh" kubernetes

# The chart comes from the pinned module unless the stack configures another source, so no chart repository is needed.
# Generated names have no random suffix (autonaming.mode=verbatim), so that two renderings differ only where objects differ.
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
echo "$(find "$out" -name '*.yaml' | wc -l) manifests of the stack $stack written to $out"
