#!/usr/bin/env bash
# chart.sh metallb|metrics-server: prints the folder of the Helm chart in the Go module that lab/modules pins.
set -euo pipefail
case $1 in
  metallb) set=metallb module=go.universe.tf/metallb ;;
  metrics-server) set=metrics-server module=sigs.k8s.io/metrics-server ;;
  *)
    echo "chart.sh: unknown chart \"$1\"; charts are: metallb, metrics-server" >&2
    exit 2
    ;;
esac
tools=$(dirname "$0")
folder=$("$tools/module.sh" "$tools/../lab/modules/$set" "$module")
echo "$folder/charts/$1"
