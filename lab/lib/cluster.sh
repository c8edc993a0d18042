# The cluster: kubeadm on the control plane, then on the workers; Calico from its unmodified manifest.
# shellcheck shell=bash

kubectl() { "$HANKKI_CACHE/bin/kubectl" --kubeconfig "$KUBECONFIG_FILE" "$@"; }

# fill FILE: prints the template with its variables replaced
fill() {
  # shellcheck disable=SC2016 # envsubst wants the names, not the values
  envsubst '$JOIN_TOKEN $CONTROL_PLANE $KUBERNETES_VERSION $CA_HASH $NODE $NODE_ADDRESS $VOLUME' <"$here/conf/$1"
}

cluster_init() {
  local token=$HANKKI_LAB/join-token
  (umask 077 && echo "$(openssl rand -hex 3).$(openssl rand -hex 8)" >"$token")
  JOIN_TOKEN=$(cat "$token") CONTROL_PLANE=${ADDRESS[cp]} fill kubeadm.yaml |
    node_in cp sh -c 'umask 077; cat >/run/kubeadm.yaml'
  node_in cp kubeadm init --config /run/kubeadm.yaml --skip-token-print
  cluster_kubeconfig
}

cluster_kubeconfig() {
  (umask 077 && node_in cp sed "s#server: .*#server: https://127.0.0.1:6443#" /etc/kubernetes/admin.conf >"$KUBECONFIG_FILE")
  kubectl config rename-context kubernetes-admin@hankki-lab hankki-lab
}

cluster_join() { # NODE
  local hash
  hash=$(node_in cp openssl x509 -in /etc/kubernetes/pki/ca.crt -noout -pubkey | openssl pkey -pubin -outform der | sha256sum | cut -d' ' -f1)
  JOIN_TOKEN=$(cat "$HANKKI_LAB/join-token") CONTROL_PLANE=${ADDRESS[cp]} CA_HASH=$hash NODE=$1 NODE_ADDRESS=${ADDRESS[$1]} \
    fill kubeadm-join.yaml | node_in "$1" sh -c 'umask 077; cat >/run/kubeadm.yaml'
  node_in "$1" kubeadm join --config /run/kubeadm.yaml
}

cluster_network() {
  local calico
  calico=$(module_folder calico github.com/projectcalico/calico) || return 1
  kubectl apply -f "$calico/manifests/calico-vxlan.yaml"
}

cluster_ready() {
  kubectl wait --for=condition=Ready "${NODES[@]/#/node/}" --timeout=120s
  kubectl -n kube-system rollout status daemonset/calico-node --timeout=120s
  kubectl -n kube-system rollout status deployment/calico-kube-controllers --timeout=120s
  kubectl -n kube-system rollout status deployment/coredns --timeout=120s
}

# Pulls the images that a worker needs to become Ready, while the control plane starts.
workers_pull() { each_parallel worker_pull w1 w2; }

worker_pull() { # NODE
  node_pull "$1" registry.k8s.io/pause:3.10.2 "registry.k8s.io/kube-proxy:$KUBERNETES_VERSION" \
    "docker.io/calico/cni:$CALICO" "docker.io/calico/node:$CALICO"
}

# kubelet runs the API server as long as its static pod manifest exists.
readonly APISERVER_MANIFEST=/etc/kubernetes/manifests/kube-apiserver.yaml APISERVER_ASIDE=/etc/kubernetes/kube-apiserver.yaml

apiserver_stop() {
  node_in cp mv "$APISERVER_MANIFEST" "$APISERVER_ASIDE"
  wait_for 60 "stopping the API server" apiserver_ended
}

apiserver_start() {
  node_in cp mv "$APISERVER_ASIDE" "$APISERVER_MANIFEST"
  wait_for 90 "starting the API server" kubectl get --raw /readyz --request-timeout=2s
}

apiserver_runs() { node_in cp test -e "$APISERVER_MANIFEST"; }
apiserver_ended() { ! node_in cp pgrep -x kube-apiserver; }
