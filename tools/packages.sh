#!/usr/bin/env bash
# packages.sh FILE...: installs the Debian packages that the files list (one a line, # comments) and that are missing. A
# command of the same name that came some other way is as good.
set -euo pipefail
missing=()
while read -r package; do
  command -v "$package" >/dev/null && continue
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done < <(sed 's/#.*//; /^ *$/d' "$@" | sort -u)
[[ ${#missing[@]} -gt 0 ]] || exit 0
echo "missing Debian packages, installing them with apt-get: ${missing[*]}"
if [[ $(id -u) != 0 ]]; then
  echo "packages.sh: only root can install them: run as root, or: apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}"
