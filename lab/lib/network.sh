# Hosts: a network namespace each, with one leg on the switch. The switch is a namespace too and leads nowhere.
# shellcheck shell=bash

readonly SWITCH=hankki-sw

network_start() {
  mountpoint -q /run/netns || touch "$RUN/netns-was-absent"
  ip netns add "$SWITCH"
  ip -n "$SWITCH" link set lo up
  ip -n "$SWITCH" link add br0 type bridge forward_delay 0
  ip -n "$SWITCH" address add "$GATEWAY/$PREFIX_LENGTH" dev br0
  ip -n "$SWITCH" link set br0 up
  # The gateway answers "unreachable" for the world outside, so that what needs it fails at once and does not hang.
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

# What is gone already need not go.
host_detach() { # HOST: the cable first, so that no peer hears from its processes how they end
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

# A cable is pulled at the switch's side: the host loses its carrier.
host_cut() { ip -n "$SWITCH" link set "v-$1" down; }
host_heal() { ip -n "$SWITCH" link set "v-$1" up; }

host_is_cut() { ! ip -n "$SWITCH" -o link show "v-$1" 2>/dev/null | grep -q '[<,]UP[,>]'; }

hosts_file() {
  local host
  echo '127.0.0.1 localhost'
  for host in "${HOSTS[@]}"; do echo "${ADDRESS[$host]} $host"; done
}

# in_host HOST COMMAND...: in the host's network, and for a node in all of its namespaces
in_host() {
  local host=$1
  shift
  if is_node "$host"; then node_in "$host" "$@"; else ip netns exec "hankki-$host" "$@"; fi
}

# host_processes HOST PROGRAM: those that run on the host, by pid. A host that is not there has none, and a process that
# ends meanwhile is none: what `ip` and `cat` say of them is left out.
host_processes() {
  local pid
  for pid in $(ip netns pids "hankki-$1" 2>/dev/null); do
    [[ $(cat "/proc/$pid/comm" 2>/dev/null) != "$2" ]] || echo "$pid"
  done
}

host_lacks() { [[ -z $(host_processes "$1" "$2") ]]; } # HOST PROGRAM

# daemon HOST LOG COMMAND...: in the background, out of reach of the terminal's signals
daemon() {
  local host=$1 log=$2
  shift 2
  if [[ $host == machine ]]; then
    setsid "$@" </dev/null >>"$log" 2>&1 &
  else
    setsid ip netns exec "hankki-$host" "$@" </dev/null >>"$log" 2>&1 &
  fi
}
