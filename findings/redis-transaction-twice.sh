#!/usr/bin/env bash
# redis-py 8.1.0: a transaction or script whose reply is lost runs a second time, without an error for the caller.
#
# By default the client retries ten times when a connection ends. It also retries if the server has run the request and only
# the reply was lost, even for MULTI/EXEC without WATCH: an INCR in it counts twice, and execute() returns the second result as
# if it were the first. The server below simulates a restart at that moment: it counts like Redis, and closes the connection in
# place of its first reply to EXEC and to EVAL.
#
# Observed:
#   execute() returned [2] after one INCR of a key that did not exist
#   eval() returned 4 after one more
#   the server ran: EXEC EXEC EVAL EVAL
#
# Exit: 0 as stated, 1 changed, 2 not tried.
set -euo pipefail
trap 'exit 2' ERR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check redis==8.1.0
said=$("$work/venv/bin/python" - <<'PY'
import socketserver
import threading

import redis

ran = []  # every EXEC and EVAL


class Server(socketserver.StreamRequestHandler):
    def handle(self):
        while line := self.rfile.readline():
            words = [self.rfile.read(int(self.rfile.readline()[1:]) + 2)[:-2] for _ in range(int(line[1:]))]
            command = words[0].decode().upper()
            if command not in ("EXEC", "EVAL"):
                self.wfile.write(b"+QUEUED\r\n" if command == "INCRBY" else b"+OK\r\n")
                continue
            ran.append(command)
            if ran.count(command) == 1:
                return  # the connection ends, the answer is lost
            self.wfile.write((b"*1\r\n" if command == "EXEC" else b"") + b":%d\r\n" % len(ran))


class Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True


listener = Listener(("127.0.0.1", 0), Server)
threading.Thread(target=listener.serve_forever, daemon=True).start()
client = redis.Redis(port=listener.server_address[1], protocol=2)
with client.pipeline(transaction=True) as pipeline:
    print("execute() returned", pipeline.incr("orders").execute(), "after one INCR of a key that did not exist")
print("eval() returned", client.eval("return redis.call('INCR', KEYS[1])", 1, "orders"), "after one more")
print("the server ran:", *ran)
PY
)
printf '%s\n' "$said"

[[ $said == "execute() returned [2] after one INCR of a key that did not exist
eval() returned 4 after one more
the server ran: EXEC EXEC EVAL EVAL" ]] || exit 1
