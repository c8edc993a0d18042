# shellcheck shell=sh disable=SC2154 # entrypoint.sh sets run_dir, conf_dir and problems
# The ports of Nginx, and https: part of entrypoint.sh. With TLS_HOST, the name or address at which browsers open the site, Nginx
# serves https at port 8443 with tls.crt and tls.key in /etc/hankki/tls, and redirects requests at port 8080 there. TLS_HSTS is the
# max-age of Strict-Transport-Security in seconds; 0 or unset: no such header. TLS_POLL_SECONDS is the time between two checks for a
# new certificate in seconds; default 0.5.

tls_dir=${HANKKI_TLS_DIR:-/etc/hankki/tls}
plain_port=8080
tls_port=8443
# A vanished client is noticed after 15 s of silence and three probes, 5 s apart.
keepalive=so_keepalive=15s:5s:3

# At most 5 characters, so that the pause is neither too short nor more than `sleep` accepts.
is_pause() {
  case $1 in
    *[!0-9.]* | *.*.* | ??????*) return 1 ;;
    *[1-9]*) ;;
    *) return 1 ;;
  esac
}

check_tls() {
  is_host "$TLS_HOST" ||
    problem "TLS_HOST=\"$TLS_HOST\" is malformed: expected the host name or address at which browsers open the site, such as hankki.example.com"
  case ${TLS_HSTS:-0} in
    *[!0-9]* | ?????????*) problem "TLS_HSTS=\"$TLS_HSTS\" is malformed: expected a number of seconds, such as 31536000" ;;
  esac
  is_pause "${TLS_POLL_SECONDS:-0.5}" ||
    problem "TLS_POLL_SECONDS=\"$TLS_POLL_SECONDS\" is malformed: expected a number of seconds above 0, with at most 5 characters, such as 0.5"
  for file in tls.crt tls.key; do
    [ -s "$tls_dir/$file" ] || problem "$tls_dir/$file is missing or empty: with TLS_HOST, the Secret of the certificate is mounted there"
  done
}

# listen writes the configuration of the ports, and starts to check for new certificates.
listen() {
  rm -f "$run_dir/plain.conf" "$run_dir/nginx.pid"
  if [ -z "${TLS_HOST:-}" ]; then
    echo "listen $plain_port $keepalive;" >"$run_dir/listen.conf"
    return
  fi
  {
    listen_http2
    listen_kept
    echo "ssl_certificate $tls_dir/tls.crt;"
    echo "ssl_certificate_key $tls_dir/tls.key;"
    echo "include $conf_dir/hankki-tls.conf;"
    hsts
  } >"$run_dir/listen.conf"
  # Probes use this port, because they connect by pod IP, which no certificate contains.
  cat >"$run_dir/plain.conf" <<EOF
server {
    listen $plain_port $keepalive;
    include $conf_dir/hankki-health.conf;

    location / {
        return 308 https://$TLS_HOST\$request_uri;
    }
}
EOF
  mounted=
  mounted=$(find_mounted; echo "$mounted")
  reload_certificates &
}

# hsts prints the directive of Strict-Transport-Security, if it is configured. A location with an add_header repeats it, because it
# inherits no header.
hsts() {
  if [ -n "${TLS_HOST:-}" ] && [ "${TLS_HSTS:-0}" -gt 0 ]; then
    echo "add_header Strict-Transport-Security \"max-age=$TLS_HSTS\" always;"
  fi
}

# Since 1.25.1 HTTP/2 has a separate directive, and Nginx warns about the former parameter.
listen_http2() {
  case $(nginx -v 2>&1) in
    */1.[0-9].* | */1.1[0-9].* | */1.2[0-4].* | */1.25.0*) echo "listen $tls_port ssl http2 $keepalive;" ;;
    *) printf 'listen %s ssl %s;\nhttp2 on;\n' "$tls_port" "$keepalive" ;;
  esac
}

# Since 1.27.4 a reload need not close a kept connection at once. Its next request, sent within 5 s after its last response, is
# answered. A longer time would delay the end of the pod.
listen_kept() {
  case $(nginx -v 2>&1) in
    */1.[0-9].* | */1.1[0-9].* | */1.2[0-6].* | */1.27.[0-3]) ;;
    *) echo 'keepalive_min_timeout 5s;' ;;
  esac
}

# find_mounted sets `mounted` to the folder of the current pair. The kubelet replaces both files at once: it points the link ..data to
# a new folder. `cd` is a builtin, so a check starts no process and can run often. Files that were not mounted by the kubelet
# have no ..data and are never reloaded.
find_mounted() { if cd -P "$tls_dir/..data" 2>/dev/null; then mounted=$PWD; fi; }

# reload_certificates makes Nginx load each new pair. New connections use it; the old workers complete requests in progress. If the
# pair is invalid, Nginx keeps the previous one and logs the reason.
reload_certificates() {
  loaded=$mounted # Nginx starts with it
  set +e # a failed command, such as a killed sleep, does not end the loop
  # kill -0 fails with a message after Nginx has ended, and ends this loop.
  while kill -0 $$ 2>/dev/null; do
    # The second sleep keeps the loop from using a whole core if the first one cannot run.
    sleep "${TLS_POLL_SECONDS:-0.5}" || sleep 1
    find_mounted
    # Before Nginx has written its PID file, the signal would terminate it.
    if [ "$mounted" != "$loaded" ] && [ -s "$run_dir/nginx.pid" ]; then
      loaded=$mounted
      echo 'hankki-frontend: the certificate has changed, and Nginx loads it' >&2
      kill -HUP $$
    fi
  done
}
