# `lab build`: root file systems and images, named by a hash of their inputs. Without changes it takes one second.
# shellcheck shell=bash

lab_build() { # [ADD-ON...]
  local add_on
  need "this machine cannot build the lab" "$(
    preflight_problems privileges kernel cgroups
    packages_check
    binaries_check
  )"
  make_content "${RECIPES[*]}" cluster_images base_images
  node_layer >/dev/null
  for add_on; do "${add_on//-/_}_build"; done
}

# make_content RECIPES IMAGES...: builds the missing root file systems, then the stale images that the functions IMAGES list
make_content() {
  local recipes=$1 recipe_name missing=() stale lock step_log=$HANKKI_CACHE/log/build.log
  shift
  mkdir -p "$HANKKI_CACHE/log"
  exec {lock}<"$HANKKI_CACHE/log"
  if ! flock --nonblock "$lock"; then
    say "  another build is in progress, waiting for it ..."
    flock "$lock"
  fi
  for recipe_name in $recipes; do
    [[ -e $(debian_path "$recipe_name") ]] || missing+=("$recipe_name")
  done
  # Two at a time: each spends half of its time waiting for package downloads.
  if ((${#missing[@]})); then
    printf '%s\n' "${missing[@]}" | xargs -P 2 -n 1 "$here/lab" _debian || exit 1
  fi
  stale=$(mirror_stale "$@" | tr '\n' ' ')
  if [[ -n $stale ]]; then
    say "  $stale"
    step "images" unshare --net --pid --fork --kill-child --mount-proc "$here/lab" _fill-mirror "$@"
  fi
  exec {lock}<&-
}

debian_build() { # NAME
  local verb=build step_log=$HANKKI_CACHE/log/debian-$1.log
  step "root file system: $1" debian_make "$1"
}
