# The verb `status`.
# shellcheck shell=bash

lab_status() {
  local host state bad=0 nodes
  if [[ $(lab_owner) != "$HANKKI_LAB" ]]; then
    say "No lab of this folder is running."
    return 1
  elif [[ ! -f $HANKKI_LAB/ready ]]; then
    say "The lab is not up: an \"up\" is in progress or has failed (log: $LOGS/up.log)."
    return 1
  fi
  nodes=$(kubectl get nodes --request-timeout=5s \
    -o jsonpath='{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}' 2>/dev/null) || {
    say "The API server at 127.0.0.1:6443 does not respond."
    bad=1
  }
  say "HOST      ADDRESS      STATE"
  for host in "${HOSTS[@]}"; do
    state=$(host_state "$host" "$nodes")
    [[ $state == up || $state == Ready ]] || bad=1
    printf '%-9s %-12s %s\n' "$host" "${ADDRESS[$host]}" "$state"
  done
  say ""
  say "ON THIS MACHINE    FORWARDED TO"
  each_forward forward_print
  say ""
  say "export KUBECONFIG=$KUBECONFIG_FILE   (context hankki-lab)"
  return "$bad"
}

host_state() { # HOST NODES: NODES has a line with name and Ready condition for each node
  local ready
  if is_node "$1" && ! node_runs "$1"; then
    echo stopped
  elif host_is_disconnected "$1"; then
    echo disconnected
  elif is_node "$1"; then
    ready=$(awk -v n="$1" '$1 == n { print $2 }' <<<"$2")
    if [[ $ready == True ]]; then echo Ready; else echo "not Ready (${ready:-not in the cluster})"; fi
  elif is_service "$1" && ! "$1_runs"; then
    echo stopped
  elif is_service "$1" && service_is_paused "$1"; then
    echo paused
  else
    echo up
  fi
}

forward_print() { # PORT HOST TARGET DESCRIPTION
  local note=''
  port_listens "$1" || { note='  (NOT LISTENING)' bad=1; }
  printf '127.0.0.1:%-8s %-16s %s%s\n' "$1" "$3" "$4" "$note"
}
