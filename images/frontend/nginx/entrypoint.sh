#!/bin/sh
# Checks the environment, writes the configuration that depends on it, and executes Nginx.
#   API_MODE=direct  API_URL=http://10.0.0.3:5000   the browser calls the API itself
#   API_MODE=proxy   API_UPSTREAM=backend:5000      Nginx forwards /api/: one origin for the browser
#   API_MODE=door    API_UPSTREAM=127.0.0.1:5001    no pages: Nginx is the TLS proxy of the API
#   TLS_HOST=hankki.example.com [TLS_HSTS=SECONDS] [TLS_POLL_SECONDS=0.5]  https; see tls.sh
# Values are written into JavaScript and Nginx's configuration. The patterns below reject characters that could end a string there.
set -eu
export LC_ALL=C

run_dir=${HANKKI_RUN_DIR:-/tmp/hankki}
conf_dir=${HANKKI_CONF_DIR:-/etc/nginx}
problems=

problem() {
  problems="$problems
  - $1"
}

is_port() {
  case $1 in '' | *[!0-9]* | 0* | ??????*) return 1 ;; esac
  [ "$1" -le 65535 ]
}

is_host() {
  case $1 in
    \[*:*\]) case ${1#\[} in *[!0-9A-Fa-f:]*\]) return 1 ;; esac ;;
    '' | *[!A-Za-z0-9.-]* | -* | .* | *- | *..*) return 1 ;;
  esac
}

# host:port, where the host may be an IPv6 address in brackets
is_host_port() {
  case $1 in *:*) is_host "${1%:*}" && is_port "${1##*:}" ;; *) return 1 ;; esac
}

is_origin() {
  case $1 in
    *\[*) return 1 ;; # a Content-Security-Policy cannot name an IPv6 address
    http://* | https://*) is_host "${1#*://}" || is_host_port "${1#*://}" ;;
    *) return 1 ;;
  esac
}

check_direct() {
  if [ -z "${API_URL:-}" ]; then
    problem 'API_URL is missing: with API_MODE=direct it is the address at which browsers reach the API, such as http://10.0.0.3:5000'
  elif ! is_origin "$API_URL"; then
    problem "API_URL=\"$API_URL\" is malformed: expected http(s)://host[:port] with a host name or IPv4 address, no path and no slash at the end, such as http://10.0.0.3:5000"
  fi
}

check_proxy() {
  if [ -z "${API_UPSTREAM:-}" ]; then
    problem 'API_UPSTREAM is missing: with API_MODE=proxy it is where Nginx passes /api/ on to, such as backend:5000'
  elif ! is_host_port "$API_UPSTREAM"; then
    problem "API_UPSTREAM=\"$API_UPSTREAM\" is malformed: expected host:port, such as backend:5000"
  fi
}

# shellcheck source=images/frontend/nginx/tls.sh
. "${HANKKI_TLS_SH:-/usr/local/lib/hankki-tls.sh}"

case ${API_MODE:-} in
  direct) check_direct ;;
  proxy) check_proxy ;;
  door)
    check_proxy
    [ -n "${TLS_HOST:-}" ] || problem 'TLS_HOST is missing: API_MODE=door is for https'
    ;;
  *)
    problem "API_MODE=\"${API_MODE:-}\" is unknown or missing: expected direct, proxy or door"
    # A malformed address is reported in every mode, not only when the mode uses it.
    if [ -n "${API_URL:-}" ]; then check_direct; fi
    if [ -n "${API_UPSTREAM:-}" ]; then check_proxy; fi
    ;;
esac

if [ -n "${TLS_HOST:-}" ]; then check_tls; fi

if [ -n "$problems" ]; then
  printf 'hankki-frontend: the environment is wrong, not starting:%s\n' "$problems" >&2
  exit 1
fi

mkdir -p "$run_dir"
if [ "$API_MODE" = direct ]; then
  api_base_url=$API_URL
  # A page that was opened in proxy mode still calls this origin, and must not get the page as a response.
  cat >"$run_dir/mode.conf" <<EOF
set \$connect_src "'self' $API_URL";

location /api/ {
    default_type application/problem+json;
    return 404 '{"type":"about:blank","title":"Not Found","status":404,"detail":"The API has moved. Load the page again."}';
}
EOF
else
  api_base_url=
  if [ "$API_MODE" = door ]; then
    prefix=/
  else
    prefix=/api/
    connect_src="set \$connect_src \"'self'\";"
  fi
  cat >"$run_dir/mode.conf" <<EOF
${connect_src:-}

location $prefix {
    proxy_pass http://$API_UPSTREAM;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host \$http_host;
    proxy_set_header X-Request-Id \$request_id;
    proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Host \$http_host;
    proxy_set_header X-Forwarded-Proto \$scheme;
    proxy_connect_timeout 5s;
    # A body is passed on as it arrives, so that the API's limits of its time apply.
    proxy_request_buffering off;
    limit_conn bodies 900;
    limit_conn requests 900;
    limit_conn_status 503;
    # This location sets a header, so it does not inherit the page's headers. The API's responses keep their own.
    add_header X-Request-Id \$request_id always;
    $(hsts)
    proxy_hide_header X-Request-Id;
    error_page 502 503 504 = @api_unreachable;
    error_page 413 = @body_too_large;
}

location @body_too_large {
    default_type application/problem+json;
    add_header X-Request-Id \$request_id always;
    $(hsts)
    return 413 '{"type":"about:blank","title":"Content Too Large","status":413,"detail":"The body is larger than 256 KiB."}';
}

location @api_unreachable {
    # As for pages, see hankki.conf.
    set \$refused "\$http2\$limit_conn_status";
    if (\$refused = h2REJECTED) {
        return 444;
    }
    default_type application/problem+json;
    # Repeated here, because a location that sets a header inherits none.
    add_header X-Request-Id \$request_id always;
    $(hsts)
    add_header Retry-After 5 always;
    return 503 '{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"The API does not answer."}';
}
EOF
fi
printf 'window.__HANKKI__ = {"apiBaseUrl":"%s"};\n' "$api_base_url" >"$run_dir/config.js"

server=site
if [ "$API_MODE" = door ]; then server=tls-proxy; fi
echo "include $conf_dir/hankki-$server.conf;" >"$run_dir/server.conf"
listen

# -e: the log file that is compiled in would be opened first, on a read-only root.
exec nginx -e stderr -c "$conf_dir/hankki.conf" -g 'daemon off;' "$@"
