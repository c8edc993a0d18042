#!/usr/bin/env bash
# packages.sh FILE...: installs the missing Debian packages that the files list (one a line, # comments). A command with the name
# of a package counts as installed, however it was installed.
set -euo pipefail
missing=()
while read -r package; do
  command -v "$package" >/dev/null && continue
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done < <(sed 's/#.*//; /^ *$/d' "$@" | sort -u)
[[ ${#missing[@]} -gt 0 ]] || exit 0
echo "installing missing Debian packages with apt-get: ${missing[*]}"
if [[ $(id -u) != 0 ]]; then
  echo "packages.sh: not root; run make as root, or install them as root: apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}"
# Debian starts the services of a package. Only its commands are needed here, and docker-registry uses a port of the lab.
dpkg -L "${missing[@]}" | sed -nE 's#^(/usr)?/lib/systemd/system/([^@]+\.service)$#\2#p' | while read -r service; do
  if systemctl is-active --quiet "$service" 2>/dev/null; then systemctl disable --now "$service"; fi
done
