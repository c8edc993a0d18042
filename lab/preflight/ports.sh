# Ports of 127.0.0.1 that lead into the lab. Read from /proc, because the command ss may not be installed yet.
# shellcheck shell=bash

check_ports() { each_forward check_port; }

check_port() { # PORT HOST TARGET WHAT
  local inode pid stop=
  inode=$(listener_inode "$1")
  [[ -n $inode ]] || return 0
  pid=$(socket_process "$inode")
  # The forwards of a lab: `up` stops its own first, and check_other_lab reports another.
  if [[ -n $pid ]] && grep -qs /hankki/ "$LAB_MACHINE_ROOT/proc/$pid/cgroup"; then return; fi
  if [[ -n $pid ]]; then stop=" ($(process_stop "$pid"))"; fi
  echo "port 127.0.0.1:$1 ($4): used by $(process_name "$pid"): stop it$stop, or run the lab on another machine"
}

# listener_inode PORT: the socket that listens there for 127.0.0.1, if any. The kernel prints addresses as hexadecimal words in
# the machine's byte order; state 0A is LISTEN.
listener_inode() {
  local hex local_address state inode
  hex=$(printf '%04X' "$1")
  while read -r _ local_address _ state _ _ _ _ _ inode _; do
    [[ $state == 0A && ${local_address#*:} == "$hex" ]] || continue
    case ${local_address%:*} in
      0100007F | 00000000 | 00000000000000000000000000000000 | 0000000000000000FFFF00000100007F | 0000000000000000FFFF000000000000)
        echo "$inode"
        return
        ;;
    esac
  done < <(cat "$LAB_MACHINE_ROOT"/proc/net/tcp{,6} 2>/dev/null)
}

socket_process() { # INODE: the process that holds the socket; empty if it is in another container
  local fd
  fd=$(find "$LAB_MACHINE_ROOT"/proc/[0-9]*/fd -lname "socket:\[$1\]" -print -quit 2>/dev/null || true)
  fd=${fd#"$LAB_MACHINE_ROOT"/proc/}
  echo "${fd%%/*}"
}

process_name() { # PID
  if [[ -n $1 ]]; then
    echo "$(cat "$LAB_MACHINE_ROOT/proc/$1/comm" 2>/dev/null), process $1"
  else
    echo "a process that is not visible here"
  fi
}

# process_stop PID: the command that stops it. systemd would start a killed process of a service again.
process_stop() {
  local service
  service=$(sed -nE 's#.*:/system\.slice/(.*/)?([^/]+\.service)$#\2#; T; p; q' "$LAB_MACHINE_ROOT/proc/$1/cgroup" 2>/dev/null)
  if [[ -n $service ]]; then echo "systemctl disable --now $service"; else echo "kill $1"; fi
}
