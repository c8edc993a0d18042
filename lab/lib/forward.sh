# Ports of 127.0.0.1 that are forwarded into the lab. A listener on the machine passes connections through a UNIX socket to a client
# in a host's network namespace, because UNIX sockets work across network namespaces.
# shellcheck shell=bash

# port on 127.0.0.1, host that connects, target address, description
readonly FORWARDS="
6443 client   ${ADDRESS[cp]}:6443        Kubernetes API
5000 registry ${ADDRESS[registry]}:5000  registry, without a password
5001 registry ${ADDRESS[registry]}:5001  registry, user hankki
5002 registry ${ADDRESS[registry]}:5002  mirror of base images, read only
8080 client   10.0.0.4:80                the site
8081 client   10.0.0.3:5000              the site's API
"

each_forward() { # FUNCTION: called with PORT HOST TARGET DESCRIPTION
  local port host target what
  while read -r port host target what; do
    [[ -z $port ]] || "$1" "$port" "$host" "$target" "$what"
  done <<<"$FORWARDS"
}

forward_start() { # PORT HOST TARGET
  local socket=$RUN/forward-$1.sock
  # -t: seconds that the reply may still take after the client has closed its half of the connection
  daemon "$2" "$LOGS/forwards.log" socat -t 30 "UNIX-LISTEN:$socket,fork,mode=600" "TCP:$3,connect-timeout=5"
  daemon machine "$LOGS/forwards.log" socat -t 30 "TCP-LISTEN:$1,bind=127.0.0.1,reuseaddr,fork,backlog=128" "UNIX-CONNECT:$socket"
  wait_for 10 "forward of 127.0.0.1:$1" port_listens "$1"
}

forwards_start() {
  host_attach client
  each_forward forward_start
}

port_listens() { [[ -n $(ss -Hltn "sport = :$1") ]]; }
