# The version of Kubernetes of a lab, and the verb `install`. The file `versions` lists the versions that the lab runs, the default first.
# shellcheck shell=bash

# VERSIONS: by minor version Kubernetes' version, and the tags of etcd, CoreDNS and pause
declare -a MINORS=()
declare -A VERSIONS=()
while read -r minor tags; do
  [[ $minor != '#'* ]] || continue
  MINORS+=("$minor")
  VERSIONS[$minor]=$tags
done <"$here/versions"
unset minor tags
readonly MINORS VERSIONS DEFAULT_MINOR=${MINORS[0]}

# kubernetes_binary NAME MINOR: the path of a binary of that version
kubernetes_binary() {
  local suffix=-$2
  [[ $2 != "$DEFAULT_MINOR" ]] || suffix=
  echo "$HANKKI_CACHE/bin/$1$suffix"
}

# minor_of_lab: that of the running lab's control plane; prints nothing if no lab runs, or one that has not recorded it
minor_of_lab() {
  if [[ $(lab_owner) == "$HANKKI_LAB" && -f $HANKKI_LAB/ready ]]; then cat "$HANKKI_LAB/nodes/cp/kubernetes" 2>/dev/null || true; fi
}

# choose_version: sets KUBERNETES to the minor version that the environment names, that of the running lab, or the default
choose_version() {
  KUBERNETES=${KUBERNETES:-$(minor_of_lab)}
  KUBERNETES=${KUBERNETES:-$DEFAULT_MINOR}
  KUBERNETES_VERSION=${VERSIONS[$KUBERNETES]:-}
  KUBERNETES_VERSION=${KUBERNETES_VERSION%% *}
  [[ -n $KUBERNETES_VERSION ]] || die "KUBERNETES=$KUBERNETES: the lab does not run this version of Kubernetes; it runs ${MINORS[*]}"
  export KUBERNETES KUBERNETES_VERSION
  readonly KUBERNETES KUBERNETES_VERSION
}

# lab_install NODE: replaces the node's commands of Kubernetes, as its package manager would. Its kubelet runs on until its restart.
lab_install() {
  take_lock "install $1"
  node_runs "$1" || die "install $1: the node is stopped"
  # shellcheck disable=SC2016 # the node's shell sets the variable
  node_in "$1" sh -ec 'cd /usr/local/bin; rm -f kubernetes; cat >kubernetes; chmod 755 kubernetes; for name; do ln -f kubernetes "$name"; done' \
    sh "${NODE_COMMANDS[@]}" <"$(kubernetes_binary kubelet "$KUBERNETES")"
  echo "$KUBERNETES" >"$HANKKI_LAB/nodes/$1/kubernetes"
  say "$1: has ${NODE_COMMANDS[*]} of Kubernetes $KUBERNETES_VERSION; its kubelet is still the previous one until it is restarted"
}
