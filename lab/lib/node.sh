# Nodes: an overlay over the Debian root, in network, mount, pid, ipc, uts and cgroup namespaces of their own.
# shellcheck shell=bash

# node_layer: what lies over the Debian root on every node: the pinned binaries, services, containerd's configuration
node_layer() {
  local bin=$HANKKI_CACHE/bin out partial name service registry
  local -a binaries=()
  for name in kubeadm kubelet kubectl; do binaries+=("$(realpath "$bin/$name")"); done
  out=$HANKKI_CACHE/node-layer/$(content_key "${binaries[@]}" "$(cat "$here"/node/* "$here/conf/containerd.toml" "$here/lib/node.sh")")
  if [[ ! -d $out ]]; then
    partial=$HANKKI_CACHE/node-layer/.partial
    rm -rf "$partial"
    mkdir -p "$partial/usr/local/bin" "$partial/usr/local/sbin" "$partial/etc/containerd"
    for name in kubeadm kubelet kubectl; do ln "$(realpath "$bin/$name")" "$partial/usr/local/bin/$name"; done
    install -m 755 "$here/node/init" "$partial/usr/local/sbin/node-init"
    for service in containerd kubelet; do
      install -D -m 755 "$here/node/$service.run" "$partial/etc/node-services/$service/run"
    done
    install -m 644 "$here/conf/containerd.toml" "$partial/etc/containerd/config.toml"
    for registry in docker.io registry.k8s.io quay.io; do registry_mapping "$partial" "$registry" "${ADDRESS[registry]}:5002"; done
    for registry in 5000 5001 5002; do registry_mapping "$partial" "127.0.0.1:$registry" "${ADDRESS[registry]}:$registry"; done
    mv "$partial" "$out"
  fi
  echo "$out"
}

# registry_mapping ROOT NAME ADDRESS: pulls from NAME go to ADDRESS and nowhere else
registry_mapping() {
  mkdir -p "$1/etc/containerd/certs.d/$2"
  printf 'server = "http://%s"\n\n[host."http://%s"]\n  capabilities = ["pull", "resolve"]\n' "$3" "$3" \
    >"$1/etc/containerd/certs.d/$2/hosts.toml"
}

node_start() { # NODE
  local node=$1 folder=$HANKKI_LAB/nodes/$1 layer root launcher
  mkdir -p "$folder"/{disk,root,log}
  [[ -f $folder/disk.img ]] || node_disk "$folder/disk.img"
  hosts_file >"$folder/hosts"
  root=$(debian_path node)
  layer=$(node_layer)
  host_attach "$node"
  (
    cgroup_join "$node"
    exec setsid nsenter --net="/run/netns/hankki-$node" \
      unshare --mount --propagation private --pid --fork --kill-child --ipc --uts --cgroup \
      env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
      "$layer/usr/local/sbin/node-init" "$node" "$folder" "$layer:$root" "$GATEWAY" "$(cgroup_version)"
  ) </dev/null >>"$LOGS/$node.log" 2>&1 &
  launcher=$!
  wait_for 30 "node $node: its first process" pgrep -P "$launcher" -x runsvdir
  pgrep -P "$launcher" -x runsvdir >"$folder/pid"
  wait_for 30 "node $node: containerd" node_in "$node" ctr version
}

# node_disk FILE: a node's disk is one file that grows, so that removing it takes no time. It has no journal and
# no barriers (see node/init): it must survive a node's death, not the machine's.
node_disk() {
  truncate --size=40G "$1"
  mkfs.ext4 -q -O ^has_journal -E lazy_itable_init=1,nodiscard "$1"
}

node_in() { # NODE COMMAND...
  local pid
  pid=$(cat "$HANKKI_LAB/nodes/$1/pid" 2>/dev/null) || die "the node $1 does not run"
  shift
  nsenter --target "$pid" --all env -C / "$@"
}

# By the control group too, for another process may have got the number of a node that was killed. A node without a pid
# file, or whose process is gone, does not run: that is an answer, and no error to show.
node_runs() {
  local pid
  pid=$(cat "$HANKKI_LAB/nodes/$1/pid" 2>/dev/null) && grep -qs "/hankki/$1\(/\|$\)" "/proc/$pid/cgroup"
}

# node_kill NODE: a power cut. It is off the network before anything of it ends, for a power cut says goodbye to nobody. Its
# first process dies with the others of its own network, the kernel ends the rest; what it had written stays.
node_kill() {
  host_detach "$1"
  rm -f "$HANKKI_LAB/nodes/$1/pid"
  cgroup_remove "$1"
}

node_pull() { # NODE IMAGE...: ahead of kubelet, so that joining does not wait for it
  local node=$1 image
  shift
  for image; do node_in "$node" ctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d "$image" >/dev/null; done
}
