# Ports of 127.0.0.1 that lead into the lab. A listener on the machine and a dialler in a host's network meet at a
# UNIX socket, for those cross network namespaces.
# shellcheck shell=bash

# port on 127.0.0.1, host whose network dials, address, what it is
readonly FORWARDS="
6443 client   ${ADDRESS[cp]}:6443        Kubernetes API
5000 registry ${ADDRESS[registry]}:5000  registry, open to all
5001 registry ${ADDRESS[registry]}:5001  registry, user hankki
5002 registry ${ADDRESS[registry]}:5002  mirror of base images, read only
8080 client   10.0.0.4:80                the site
8081 client   10.0.0.3:5000              the site's API
"

each_forward() { # FUNCTION: called with PORT HOST TARGET WHAT
  local port host target what
  while read -r port host target what; do
    [[ -z $port ]] || "$1" "$port" "$host" "$target" "$what"
  done <<<"$FORWARDS"
}

forward_start() { # PORT HOST TARGET
  local socket=$RUN/forward-$1.sock
  # -t: how long the answer may still flow after the asking side has closed its half
  daemon "$2" "$LOGS/forwards.log" socat -t 30 "UNIX-LISTEN:$socket,fork,mode=600" "TCP:$3,connect-timeout=5"
  daemon machine "$LOGS/forwards.log" socat -t 30 "TCP-LISTEN:$1,bind=127.0.0.1,reuseaddr,fork,backlog=128" "UNIX-CONNECT:$socket"
  wait_for 10 "forward of 127.0.0.1:$1" port_listens "$1"
}

forwards_start() {
  host_attach client
  each_forward forward_start
}

port_listens() { [[ -n $(ss -Hltn "sport = :$1") ]]; }
