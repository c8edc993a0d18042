#!/usr/bin/env bash
# schemas.sh: prints the folder of the JSON schemas of all kinds in our manifests: those of Kubernetes, MetalLB and the Prometheus
# operator, in the versions that the lab pins. The schemas are generated once for each set of versions.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${HANKKI_CACHE:?is not set: the folder for build results}"

kubernetes=$(tools/module.sh lab/modules/cluster k8s.io/kubernetes)
metallb=$(tools/module.sh lab/modules/metallb go.universe.tf/metallb)
prometheus=$(tools/module.sh lab/modules/prometheus-operator github.com/prometheus-operator/prometheus-operator)
inputs=("$kubernetes/api/openapi-spec/swagger.json" "$metallb"/config/crd/bases/*.yaml "$prometheus"/example/prometheus-operator-crd/*.yaml)

out=$HANKKI_CACHE/schemas/$({ echo "${inputs[*]}"; cat tools/schemas/*.go; } | sha256sum | cut -c1-16)
if [[ ! -d $out ]]; then
  go run ./tools/schemas "$out.partial" "${inputs[@]}"
  mv "$out.partial" "$out"
fi
echo "$out"
