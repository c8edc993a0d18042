#!/usr/bin/env bash
# schemas.sh: the folder of the JSON schemas of all kinds in our manifests, made once for each set of versions: Kubernetes's
# kinds, MetalLB's and the Prometheus operator's, as the lab pins them.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${HANKKI_CACHE:?is not set: the folder for what is built}"

folder_of() { (cd "$1" && go mod download -json "$2" | jq -r .Dir); }
kubernetes=$(folder_of lab/modules/kubernetes k8s.io/kubernetes)
metallb=$(folder_of lab/modules/metallb go.universe.tf/metallb)
prometheus=$(folder_of lab/modules/prometheus-operator github.com/prometheus-operator/prometheus-operator)
inputs=("$kubernetes/api/openapi-spec/swagger.json" "$metallb"/config/crd/bases/*.yaml "$prometheus"/example/prometheus-operator-crd/*.yaml)

out=$HANKKI_CACHE/schemas/$({ echo "${inputs[*]}"; cat tools/schemas/*.go; } | sha256sum | cut -c1-16)
if [[ ! -d $out ]]; then
  go run ./tools/schemas "$out.partial" "${inputs[@]}"
  mv "$out.partial" "$out"
fi
echo "$out"
