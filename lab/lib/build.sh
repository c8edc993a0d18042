# `lab build`: binaries, root file systems and images, named by a hash of their inputs. Without changes it takes one second.
# shellcheck shell=bash

lab_build() { # [ADD-ON...]
  local add_on
  need "this machine cannot build the lab" "$(
    preflight_problems privileges kernel cgroups
    packages_check
  )"
  make_content "$here/binaries" "" "${RECIPES[*]}" cluster_images base_images
  if [[ $KUBERNETES != "$DEFAULT_MINOR" ]]; then make_content "$here/binaries-$KUBERNETES" "" "" chosen_images; fi
  node_layer "$KUBERNETES" >/dev/null
  for add_on; do "${add_on//-/_}_build"; done
}

# make_content TABLE BINARIES RECIPES IMAGES...: builds the binaries of TABLE (all, or the named ones) and, while Go compiles, the
# missing root file systems; then the stale images that the functions IMAGES list
make_content() {
  local table=$1 binaries=$2 recipes=$3 file_systems failed= stale lock step_log=$HANKKI_CACHE/log/build.log
  shift 3
  mkdir -p "$HANKKI_CACHE/log"
  exec {lock}<"$HANKKI_CACHE/log"
  if ! flock --nonblock "$lock"; then
    say "  another build is in progress, waiting for it ..."
    flock "$lock"
  fi
  make_file_systems "$recipes" &
  file_systems=$!
  # shellcheck disable=SC2086 # names without spaces
  "$here/../tools/build.sh" "$table" "$here/modules" $binaries || failed=binaries
  wait "$file_systems" || failed+=${failed:+ and }"root file systems"
  [[ -z $failed ]] || die "build: the $failed were not built; the reason is above"
  stale=$(mirror_stale "$@" | tr '\n' ' ')
  if [[ -n $stale ]]; then
    say "  $stale"
    step "images" unshare --net --pid --fork --kill-child --mount-proc "$here/lab" _fill-mirror "$@"
  fi
  exec {lock}<&-
}

# make_file_systems RECIPES: builds the missing root file systems, two at a time: each spends half of its time waiting for downloads
make_file_systems() {
  local recipe_name missing=()
  for recipe_name in $1; do
    [[ -e $(debian_path "$recipe_name") ]] || missing+=("$recipe_name")
  done
  if ((${#missing[@]})); then printf '%s\n' "${missing[@]}" | xargs -P 2 -n 1 "$here/lab" _debian; fi
}

debian_build() { # NAME
  local verb=build step_log=$HANKKI_CACHE/log/debian-$1.log
  step "root file system: $1" debian_make "$1"
}
