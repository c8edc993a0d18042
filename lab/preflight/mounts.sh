# Mount options of the folder for what is built: root file systems hold device nodes, and binaries run from there.
# shellcheck shell=bash

check_mounts() {
  local folder options option forbidden=()
  folder=$(nearest_folder "$HANKKI_CACHE")
  options=,$(findmnt --noheadings --first-only --output OPTIONS --target "$folder"),
  for option in ro noexec nodev nosuid; do
    if [[ $options == *,$option,* ]]; then forbidden+=("$option"); fi
  done
  if ((${#forbidden[@]})); then
    echo "mount: $folder is mounted with ${forbidden[*]}: remount it without, or set HANKKI_CACHE to a folder on another file system"
  fi
}
