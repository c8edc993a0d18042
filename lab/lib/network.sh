# Hosts: each is a network namespace with one interface on the switch. The switch is a namespace without an uplink.
# shellcheck shell=bash

readonly SWITCH=hankki-sw

network_start() {
  mountpoint -q /run/netns || touch "$RUN/netns-was-absent"
  ip netns add "$SWITCH"
  ip -n "$SWITCH" link set lo up
  ip -n "$SWITCH" link add br0 type bridge forward_delay 0
  ip -n "$SWITCH" address add "$GATEWAY/$PREFIX_LENGTH" dev br0
  ip -n "$SWITCH" link set br0 up
  # The gateway answers "unreachable" for every other network, so that connections to the internet fail at once.
  ip -n "$SWITCH" route add unreachable default
  ip netns exec "$SWITCH" sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0
}

host_attach() { # HOST
  local host=$1
  ip netns add "hankki-$host"
  ip -n "hankki-$host" link add eth0 type veth peer name "v-$host" netns "$SWITCH"
  ip -n "$SWITCH" link set "v-$host" master br0 up
  ip -n "hankki-$host" link set lo up
  ip -n "hankki-$host" link set eth0 up
  ip -n "hankki-$host" address add "${ADDRESS[$host]}/$PREFIX_LENGTH" dev eth0
  ip -n "hankki-$host" route add default via "$GATEWAY"
}

# Parts that do not exist are not an error.
host_detach() { # HOST: disconnects it first, so that no peer receives a FIN or RST of its processes
  ip -n "$SWITCH" link delete "v-$1" 2>/dev/null || true
  ip netns pids "hankki-$1" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
  ip netns delete "hankki-$1" 2>/dev/null || true
}

network_stop() {
  local host
  [[ -d /run/netns ]] || return 0
  for host in "${HOSTS[@]}" sw; do host_detach "$host"; done
  if [[ -f $RUN/netns-was-absent ]] && [[ -z $(ls /run/netns 2>/dev/null) ]]; then
    umount /run/netns 2>/dev/null || true
    rmdir /run/netns 2>/dev/null || true
  fi
}

# The switch's end of the veth pair is set down: the host loses its carrier.
host_disconnect() { ip -n "$SWITCH" link set "v-$1" down; }
host_connect() { ip -n "$SWITCH" link set "v-$1" up; }

# A host without a veth pair, such as a stopped node, counts as disconnected.
host_is_disconnected() { ! ip -n "$SWITCH" -o link show "v-$1" 2>/dev/null | grep '[<,]UP[,>]' >/dev/null; }

hosts_file() {
  local host
  echo '127.0.0.1 localhost'
  for host in "${HOSTS[@]}"; do echo "${ADDRESS[$host]} $host"; done
}

# in_host HOST COMMAND...: runs COMMAND in the host's network namespace, on a node in all of its namespaces
in_host() {
  local host=$1
  shift
  if is_node "$host"; then node_in "$host" "$@"; else ip netns exec "hankki-$host" "$@"; fi
}

# host_processes HOST PROGRAM: the process ids of PROGRAM on the host. It prints nothing for a host that does not exist and ignores
# processes that exit in the meantime.
host_processes() {
  local pid
  for pid in $(ip netns pids "hankki-$1" 2>/dev/null); do
    [[ $(cat "/proc/$pid/comm" 2>/dev/null) != "$2" ]] || echo "$pid"
  done
}

host_lacks() { [[ -z $(host_processes "$1" "$2") ]]; } # HOST PROGRAM

# daemon HOST LOG COMMAND...: runs COMMAND in the background, in a session that the terminal's signals do not reach
daemon() {
  local host=$1 log=$2
  shift 2
  if [[ $host == machine ]]; then
    setsid "$@" </dev/null >>"$log" 2>&1 &
  else
    setsid ip netns exec "hankki-$host" "$@" </dev/null >>"$log" 2>&1 &
  fi
}
