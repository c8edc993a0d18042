#!/usr/bin/env bash
# metallb-chart.sh: the folder of MetalLB's Helm chart, out of the Go module whose version lab/modules/metallb pins.
set -euo pipefail
cd "$(dirname "$0")/../lab/modules/metallb"
echo "$(go mod download -json go.universe.tf/metallb | jq -r .Dir)/charts/metallb"
