#!/usr/bin/env bash
# Gunicorn 27.0.1: two servers of one user share a control socket, and the second takes it from the first.
#
# The control socket is on by default, at one path for each user. A server that starts silently replaces an existing socket by
# its own: gunicornc then shows, reloads or shuts down the server that started last. When that server ends, it removes the
# socket, and gunicornc can no longer control the other server, which still runs.
#
# Observed, with the servers shop and blog:
#   shop started: gunicornc controls unix:shop.sock
#   blog started: gunicornc controls unix:blog.sock
#   blog ended: gunicornc controls nothing, shop still runs
#
# Exit: 0 as stated, 1 changed, 2 not tried.
set -euo pipefail
trap 'exit 2' ERR
work=$(mktemp -d)
servers=()
# At the end a server may have exited already.
trap '((${#servers[@]} == 0)) || kill "${servers[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check gunicorn==27.0.1
export HOME=$work XDG_RUNTIME_DIR=
cat >app.py <<'PY'
def app(environ, start_response):
    start_response("204 No Content", [])
    return []
PY

start() { # NAME: returns when the server has its control socket
  venv/bin/gunicorn --bind "unix:$1.sock" app:app 2>"$1.log" &
  servers+=($!)
  for _ in {1..600}; do
    if grep -q "Control socket listening" "$1.log"; then return; fi
    sleep 0.1
  done
  cat "$1.log" >&2
  return 1
}

controlled() { # the address of the server that gunicornc talks to; without one gunicornc fails
  venv/bin/gunicornc -c "show listeners" 2>/dev/null | grep -o '^unix:[a-z.]*' || echo nothing
}

start shop
said="shop started: gunicornc controls $(controlled)"
start blog
said+=$'\n'"blog started: gunicornc controls $(controlled)"
kill "${servers[1]}"
wait "${servers[1]}" || true # its exit code is that of a signal
said+=$'\n'"blog ended: gunicornc controls $(controlled)"
if kill -0 "${servers[0]}"; then said+=", shop still runs"; fi
printf '%s\n' "$said"

[[ $said == "shop started: gunicornc controls unix:shop.sock
blog started: gunicornc controls unix:blog.sock
blog ended: gunicornc controls nothing, shop still runs" ]] || exit 1
