#!/usr/bin/env bash
# overlay.sh [ROLE]: prints the configuration that deploys a stack of that role (hankki:role; default: all) to the lab, one KEY=VALUE a
# line: cluster, registry, builder, base images and charts. The nodes reach the mirror as docker.io, the builder by the mirror's
# address. A stack with the role site uses the current context of its deployer's kubeconfig.
set -euo pipefail
role=${1:-all}

platform() {
  local tools metallb metrics_server metrics_server_tag
  tools=$(dirname "$0")/../tools
  metallb=$("$tools/chart.sh" metallb)
  metrics_server=$("$tools/chart.sh" metrics-server)
  metrics_server_tag=$(go -C "$tools/../lab/modules/metrics-server" list -m -f '{{.Version}}' sigs.k8s.io/metrics-server)
  cat <<EOF
hankki:kubeContext=hankki-lab
hankki:metallb.chart.path=$metallb
hankki:metricsServer.chart.path=$metrics_server
hankki:metricsServer.tag=$metrics_server_tag
hankki:metricsServer.kubeletInsecureTLS=true
EOF
}

site() {
  local mirror=127.0.0.1:5002/library
  cat <<EOF
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
EOF
  # If the machine has a private certificate authority, the build steps need it to reach the package registries.
  if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
    echo hankki:images.caFile=/etc/ssl/certs/ca-certificates.crt
  fi
}

case $role in
  all) platform; site ;;
  platform | site) "$role" ;;
  *) echo "overlay.sh: the role $role is unknown: all, platform or site" >&2; exit 2 ;;
esac
