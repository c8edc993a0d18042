#!/usr/bin/env bash
# test-alerts.sh: evaluates the alerts of the golden manifest of onprem with every optional feature (TestGoldenManifests) with the
# tests in tools/alerts. promtool replaces Prometheus, kube-state-metrics and time.
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp alerts/*.yaml "$folder"
# the spec of the PrometheusRule is a rule file
sed -n '/^kind: PrometheusRule$/,/^---$/{/^spec:$/,/^---$/{/^spec:$/d;/^---$/d;p}}' ../internal/site/testdata/everything.golden.yaml >"$folder/rules.yaml"
promtool check rules --lint=all --lint-fatal "$folder/rules.yaml"
promtool test rules "$folder"/*.test.yaml
