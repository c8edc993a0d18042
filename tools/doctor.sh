#!/usr/bin/env bash
# doctor.sh: lists what `make up` needs on this machine (with LAB=off: `make up LAB=off`), what is missing and how to get it.
# Exit code 1 if something is missing.
set -uo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
packages=("$here/tools/cli-packages") tools=(pulumi) checks=(commands)
if [[ ${LAB:-on} == on ]]; then
  packages+=("$here/tools/packages" "$here/lab/packages")
  tools+=(docker-buildx buildkitd kubelet)
  checks=() # all
fi
bad=0
good() { printf 'ok       %s\n' "$*"; }
missing() {
  printf 'MISSING  %s\n' "$*"
  bad=1
}

# Requirements that `make` cannot install: lab/preflight.
if report=$("$here/lab/lab" _preflight "${checks[@]}" 2>&1); then good "preflight: ${checks[*]:-the machine can run the lab}"; fi
while read -r line; do
  case $line in
    "- "*) missing "${line#- }" ;;
    "lab: not checked"*) printf 'UNKNOWN  %s\n' "${line#lab: }" ;;
  esac
done <<<"$report"

while read -r package; do
  command -v "$package" >/dev/null || [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
    missing "Debian package $package: \`make tools\` installs it"
done < <(sed 's/#.*//; /^ *$/d' "${packages[@]}" | sort -u)
for tool in "${tools[@]}"; do
  if path=$(command -v "$tool"); then good "$tool ($path)"; else missing "$tool: \`make tools${tools[1]:+ lab-build}\` builds it"; fi
done
if [[ $bad == 0 ]]; then echo "nothing is missing"; fi
exit "$bad"
