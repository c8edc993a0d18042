#!/usr/bin/env bash
# overlay.sh: prints the configuration that deploys a stack to the lab, one KEY=VALUE a line: cluster, registry, builder and base
# images. The nodes reach the mirror as docker.io, the builder by the mirror's address.
set -euo pipefail
mirror=127.0.0.1:5002/library
tools=$(dirname "$0")/../tools
metallb=$("$tools/chart.sh" metallb)
metrics_server=$("$tools/chart.sh" metrics-server)
metrics_server_tag=$(go -C "$tools/../lab/modules/metrics-server" list -m -f '{{.Version}}' sigs.k8s.io/metrics-server)
cat <<EOF
hankki:kubeContext=hankki-lab
hankki:registry.server=127.0.0.1:5000
hankki:registry.insecure=true
hankki:images.builder=buildkit
hankki:images.instance=hankki
hankki:baseImages.python=$mirror/python:3.11-slim-bookworm
hankki:baseImages.node=$mirror/node:22-bookworm-slim
hankki:baseImages.nginx=$mirror/nginx:1.22-bookworm
hankki:baseImages.redis=$mirror/redis:7.0-bookworm
hankki:baseImages.postgres=docker.io/library/postgres:15-bookworm
hankki:baseImages.blackboxExporter=docker.io/prom/blackbox-exporter:0.23-bookworm
hankki:metallb.chart.path=$metallb
hankki:metricsServer.chart.path=$metrics_server
hankki:metricsServer.tag=$metrics_server_tag
hankki:metricsServer.kubeletInsecureTLS=true
EOF
# If the machine has a private certificate authority, the build steps need it to reach the package registries.
if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
  echo hankki:images.caFile=/etc/ssl/certs/ca-certificates.crt
fi
