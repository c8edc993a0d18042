# Nodes: each has an overlay on the Debian root, and its own network, mount, pid, ipc, uts and cgroup namespaces.
# shellcheck shell=bash

# The binaries of every node, and the commands of Kubernetes; the control plane's are in images.
readonly NODE_BINARIES=(containerd containerd-shim-runc-v2 ctr) NODE_COMMANDS=(kubeadm kubelet kubectl)

# node_layer MINOR: the folder that is overlaid on the Debian root of every node with that version of Kubernetes: pinned binaries,
# services, containerd's configuration
node_layer() {
  local out partial name service registry
  local -a binaries=()
  for name in "${NODE_BINARIES[@]}"; do binaries+=("$(realpath "$HANKKI_CACHE/bin/$name")"); done
  for name in "${NODE_COMMANDS[@]}"; do binaries+=("$(realpath "$(kubernetes_binary "$name" "$1")")"); done
  out=$HANKKI_CACHE/node-layer/$(content_key "${binaries[@]}" "$(cat "$here"/node/* "$here/conf/containerd.toml" "$here/lib/node.sh")")
  if [[ ! -d $out ]]; then
    partial=$HANKKI_CACHE/node-layer/.partial
    rm -rf "$partial"
    mkdir -p "$partial/usr/local/bin" "$partial/usr/local/sbin" "$partial/etc/containerd"
    for name in "${NODE_BINARIES[@]}" "${NODE_COMMANDS[@]}"; do
      ln "${binaries[0]}" "$partial/usr/local/bin/$name"
      binaries=("${binaries[@]:1}")
    done
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

# registry_mapping ROOT NAME ADDRESS: configures containerd to pull images of NAME from ADDRESS only
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
  [[ -f $folder/kubernetes ]] || echo "$KUBERNETES" >"$folder/kubernetes"
  layer=$(node_layer "$(cat "$folder/kubernetes")")
  host_attach "$node"
  cgroup_make "$node"
  # The first process of the node joins its group; the launcher stays outside. With cgroup v2, the node's group enables controllers
  # for the groups of its pods, so it may have no process.
  # shellcheck disable=SC2016 # the inner shell expands it
  setsid nsenter --net="/run/netns/hankki-$node" unshare --mount --propagation private --pid --fork --kill-child --ipc --uts \
    bash -euc 'for folder in $0; do echo 0 >"$folder/cgroup.procs"; done; exec unshare --cgroup "$@"' "$(cgroup_folders "$node")" \
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    "$layer/usr/local/sbin/node-init" "$node" "$folder" "$layer:$root" "$GATEWAY" "$(cgroup_hierarchies)" \
    </dev/null >>"$LOGS/$node.log" 2>&1 &
  launcher=$!
  wait_for 30 "node $node: runsvdir" pgrep -P "$launcher" -x runsvdir
  pgrep -P "$launcher" -x runsvdir >"$folder/pid"
  wait_for 30 "node $node: containerd" node_in "$node" ctr version
}

# node_disk FILE: creates a node's disk, a sparse file, which is quick to remove. It has no journal and no barriers (see node/init):
# it must survive a power cut of the node, not of the machine.
node_disk() {
  truncate --size=40G "$1"
  mkfs.ext4 -q -O ^has_journal -E lazy_itable_init=1,nodiscard "$1"
}

node_in() { # NODE COMMAND...
  local pid
  pid=$(cat "$HANKKI_LAB/nodes/$1/pid" 2>/dev/null) || die "node $1 is stopped"
  shift
  nsenter --target "$pid" --all env -C / "$@"
}

# Checks the control group as well, because another process may have the process id of a killed node. A missing pid file or process
# is not an error: the node does not run.
node_runs() {
  local pid
  pid=$(cat "$HANKKI_LAB/nodes/$1/pid" 2>/dev/null) && grep -qs "/hankki/$1\(/\|$\)" "/proc/$pid/cgroup"
}

# node_kill NODE: a power cut. The node is disconnected first, so that no peer receives a FIN or RST. Its first process is killed with
# the others in its network namespace, and the kernel then kills the rest of its pid namespace. Its disk stays.
node_kill() {
  host_detach "$1"
  rm -f "$HANKKI_LAB/nodes/$1/pid"
  cgroup_remove "$1"
}

node_pull() { # NODE IMAGE...: pulls the images before kubelet needs them, so that joining does not wait for it
  local node=$1 image
  shift
  for image; do node_in "$node" ctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d "$image" >/dev/null; done
}
