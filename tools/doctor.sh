#!/usr/bin/env bash
# doctor.sh: tells what this machine lacks for `make up`, with LAB=off for `make up LAB=off`, and how to get it. Exit code
# 1 if something is missing.
set -uo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
packages=("$here/tools/cli-packages") tools=(pulumi)
if [[ ${LAB:-on} == on ]]; then
  packages+=("$here/tools/packages" "$here/lab/packages")
  tools+=(docker-buildx buildkitd kubelet)
fi
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
done < <(sed 's/#.*//; /^ *$/d' "${packages[@]}" | sort -u)
for tool in "${tools[@]}"; do
  if path=$(command -v "$tool"); then good "$tool ($path)"; else lacks "$tool: \`make tools${tools[1]:+ lab-build}\` builds it"; fi
done

the_lab() {
  if [[ $(id -u) == 0 ]]; then good root; else lacks "root: the lab makes namespaces, mounts and cgroups; run as root, or use a cluster of your own (LAB=off)"; fi
  local folder=$HANKKI_CACHE free memory want=30
  until [[ -d $folder ]]; do folder=$(dirname "$folder"); done
  # Building fills Go's own caches, about 25 GiB. What is built, and the lab that runs, need no more than this.
  if [[ -x $HANKKI_CACHE/bin/kubelet ]]; then want=6; fi
  free=$(df --output=avail -BG "$folder" | tail -1 | tr -dc 0-9)
  if ((free >= want)); then good "$free GiB of disk"; else lacks "disk: $free GiB free at $folder, $want are needed; set HANKKI_CACHE, GOCACHE and GOMODCACHE"; fi
  memory=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
  if ((memory >= 4)); then good "$memory GiB of memory"; else lacks "memory: $memory GiB available, the lab needs 4"; fi
}
if [[ ${LAB:-on} == on ]]; then the_lab; fi
if [[ $bad == 0 ]]; then echo "nothing is missing"; fi
exit "$bad"
