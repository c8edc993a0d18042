# Disk space: 27 GiB to build everything, most of them in Go's caches; 6 GiB once the lab's binaries are built.
# shellcheck shell=bash

check_disk() {
  local mount gib folder free used missing # GiB
  local -A needs=() parts=()
  while read -r gib folder; do
    mount=$(disk_mount "$folder")
    needs[$mount]=$((${needs[$mount]:-0} + gib))
    parts[$mount]+="$gib $folder"$'\n'
  done < <(disk_needs)
  for mount in "${!needs[@]}"; do
    free=$(disk_free "$mount")
    ((free < needs[$mount])) || continue
    missing=0
    while read -r gib folder; do
      used=$(disk_used "$folder")
      ((used >= gib)) || missing=$((missing + gib - used))
    done <<<"${parts[$mount]%$'\n'}"
    ((free < missing)) || continue
    echo "disk: $mount has $free GiB free, $missing GiB are needed ($(sed -E 's/^([0-9]+) (.*)/\1 GiB for \2/' <<<"${parts[$mount]%$'\n'}" | paste -sd, | sed 's/,/, /g')):" \
      "free space, or set HANKKI_CACHE, HANKKI_LAB, GOCACHE or GOMODCACHE to folders of another file system"
  done
}

# disk_needs: GiB and folder, a line each
disk_needs() {
  local gocache gomodcache
  if disk_built; then
    echo "2 $HANKKI_CACHE"
    echo "4 $HANKKI_LAB"
    return
  fi
  { read -r gocache && read -r gomodcache; } < <(go -C / env GOCACHE GOMODCACHE 2>/dev/null) || true
  echo "4 $HANKKI_CACHE"
  echo "4 $HANKKI_LAB"
  echo "13 ${gocache:-$HOME/.cache/go-build}"
  echo "6 ${gomodcache:-$HOME/go/pkg/mod}"
}

disk_mount() { df --output=target "$(nearest_folder "$1")" | tail -n1; }                 # FOLDER
disk_free() { echo "$(($(df --output=avail --block-size=1M "$1" | tail -n1) / 1024))"; } # MOUNT: GiB

# disk_used FOLDER: GiB of the needs that the folder holds already. check_disk measures them only where space is short, because
# du takes seconds on Go's caches. The needs of a lab whose binaries are built come on top of what is there.
disk_used() {
  if disk_built || [[ ! -d $1 ]]; then echo 0; else du -s --block-size=1M "$1" 2>/dev/null | { read -r mib _ && echo "$((mib / 1024))"; }; fi
}

disk_built() { [[ -x $HANKKI_CACHE/bin/kubelet ]]; }
