# Registries on the registry host: the mirror (5002, read only), and one store for the team's images with two listeners: 5000 without
# authentication, 5001 with a password.
# shellcheck shell=bash

registry_serve() { # PORT STORE CONFIGURATION [VARIABLE=VALUE...]
  local port=$1 store=$2 configuration=$3
  shift 3
  mkdir -p "$store"
  daemon registry "$LOGS/registry-$port.log" env REGISTRY_HTTP_ADDR="${ADDRESS[registry]}:$port" \
    REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY="$store" "$@" docker-registry serve "$here/conf/$configuration"
}

registry_create() {
  local password=$HANKKI_LAB/registry-password
  host_attach registry
  (umask 077 && openssl rand -hex 16 >"$password")
  mkdir -p "$HANKKI_LAB/registry"
  htpasswd -iBn hankki <"$password" >"$HANKKI_LAB/registry/htpasswd"
  registry_start
}

registry_start() {
  local store=$HANKKI_LAB/registry/store port
  registry_serve 5000 "$store" registry.yml
  registry_serve 5001 "$store" registry.yml REGISTRY_AUTH=htpasswd REGISTRY_AUTH_HTPASSWD_REALM=hankki \
    REGISTRY_AUTH_HTPASSWD_PATH="$HANKKI_LAB/registry/htpasswd"
  registry_serve 5002 "$MIRROR/store" mirror.yml
  for port in 5000 5001 5002; do
    wait_for 20 "registry ${ADDRESS[registry]}:$port" in_host registry curl -sS "http://${ADDRESS[registry]}:$port/v2/"
  done
}

registry_stop() {
  host_processes registry docker-registry | xargs kill
  wait_for 20 "stopping the registries" host_lacks registry docker-registry
}

registry_runs() { ! host_lacks registry docker-registry; }
