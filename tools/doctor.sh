#!/usr/bin/env bash
# doctor.sh: tells what this machine lacks for `make up`, and how to get it. Exit code 1 if something is missing.
set -uo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
bad=0
good() { printf 'ok       %s\n' "$*"; }
lacks() {
  printf 'MISSING  %s\n' "$*"
  bad=1
}

for command in go git make; do
  if path=$(command -v "$command"); then good "$command ($path)"; else lacks "$command: apt-get install $command"; fi
done
want=$(sed -n 's/^go //p' "$here/go.mod")
have=$(go env GOVERSION 2>/dev/null | sed 's/^go//')
if [[ $(printf '%s\n%s\n' "$want" "$have" | sort -V | head -1) == "$want" ]]; then good "Go $have is at least $want"; else
  lacks "Go $want (this is ${have:-none}): install a newer Go"
fi
while read -r package; do
  command -v "$package" >/dev/null || [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
    lacks "Debian package $package: \`make tools\` installs it"
done < <(sed 's/#.*//; /^ *$/d' "$here/tools/packages" "$here/lab/packages" | sort -u)
if [[ $(id -u) == 0 ]]; then good root; else lacks "root: the lab makes namespaces, mounts and cgroups; run as root, or use a cluster of your own (LAB=off)"; fi
for tool in pulumi docker-buildx buildkitd kubelet; do
  if path=$(command -v "$tool"); then good "$tool ($path)"; else lacks "$tool: \`make tools lab-build\` builds it"; fi
done
free=$(df --output=avail -BG "$(dirname "$HANKKI_CACHE")" | tail -1 | tr -dc 0-9)
if ((free >= 15)); then good "$free GiB of disk for $HANKKI_CACHE"; else lacks "disk: $free GiB free for $HANKKI_CACHE, 15 are needed; set HANKKI_CACHE"; fi
memory=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
if ((memory >= 4)); then good "$memory GiB of memory"; else lacks "memory: $memory GiB available, the lab needs 4"; fi
if [[ $bad == 0 ]]; then echo "nothing is missing"; fi
exit "$bad"
