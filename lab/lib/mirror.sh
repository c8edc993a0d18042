# The mirror: one registry store with every upstream image that the cluster and the Dockerfiles pull, under upstream's names. An image
# is built again when its inputs change. While images are added, the registry runs in a private network namespace.
# shellcheck shell=bash

readonly MIRROR=$HANKKI_CACHE/mirror FILLING=127.0.0.1:5000

crane() { "$HANKKI_CACHE/bin/crane" "$@"; }

# image REFERENCE BASE [FILE=PATH...] -- [OPTION OF crane mutate...]: BASE is `scratch`, a recipe of debian.sh, or NAME:TAG of an image
# that was listed before; the new image then has the same layers and takes no files. If the image is stale, prints REFERENCE, or builds
# the image when $mirror_mode is `fill`.
image() {
  local reference=$1 base=$2 files=() options key mark inherited=
  shift 2
  while [[ $1 != -- ]]; do
    files+=("$1")
    shift
  done
  shift
  options=("$@")
  case $base in
    scratch) ;;
    *:*) inherited=$(cat "$(image_mark "$base")" 2>/dev/null || echo none) ;;
    *) base=$(debian_path "$base") ;;
  esac
  key=$(content_key "$reference" "$base" ${inherited:+"$inherited"} "$(files_content "${files[@]}")" "${options[@]}")
  mark=$(image_mark "$reference")
  [[ $(cat "$mark" 2>/dev/null) != "$key" ]] || return 0
  if [[ $mirror_mode == fill ]]; then
    image_make "$reference" "$base"
    echo "$key" >"$mark"
  else
    echo "$reference"
  fi
}

image_mark() { echo "$MIRROR/keys/${1//\//_}"; } # REFERENCE: the file with the key of the image that the mirror has

# files_content FILE=PATH...: the inputs of an image. The name of a built file has a hash of its inputs; other files are read.
files_content() {
  local pair file
  for pair; do
    file=$(realpath "${pair%%=*}")
    if [[ $file == "$HANKKI_CACHE"/* ]]; then
      echo "$pair $file"
    elif [[ -d $file ]]; then
      echo "$pair $(cd "$file" && find . -type f | sort | xargs -d '\n' sha256sum | sha256sum)"
    else
      echo "$pair $(sha256sum <"$file")"
    fi
  done
}

image_make() { # REFERENCE BASE, and the caller's files and options
  local reference=$1 base=$2 from=$FILLING/$1
  if [[ -n $inherited ]]; then from=$FILLING/$base; else image_layers "$reference" "$base"; fi
  crane mutate --insecure --set-platform linux/amd64 -t "$FILLING/$reference" \
    --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${options[@]}" "$from" >>"$MIRROR/crane.log" 2>&1
  echo "built $reference"
}

# image_layers REFERENCE BASE, and the caller's files: a file that is listed more than once is stored once, with hard links
image_layers() {
  local reference=$1 base=$2 work layers=() pair path file
  local -A placed=()
  work=$(mktemp -d)
  if [[ $base == scratch ]]; then
    scratch_root "$work/root"
  else
    mkdir -p "$work/root"
    layers+=(-f "$base")
  fi
  for pair in "${files[@]}"; do
    path=$work/root/${pair#*=}
    [[ $path != */ ]] || path+=$(basename "${pair%%=*}")
    if [[ -d ${pair%%=*} ]]; then
      mkdir -p "$path"
      cp -r --no-preserve=ownership "${pair%%=*}/." "$path"
      # A Go module's archive has no execute bits, and some of its scripts have no `#!` line.
      [[ ${pair%%=*} == "$HANKKI_CACHE"/* ]] || chmod -R a+x "$path"
    else
      file=$(realpath "${pair%%=*}")
      if [[ -n ${placed[$file]:-} ]]; then
        mkdir -p "$(dirname "$path")"
        ln "${placed[$file]}" "$path"
      else
        install -D -m 755 "$file" "$path"
        placed[$file]=$path
      fi
    fi
  done
  chmod -R u+w,go+rX "$work/root"
  chmod 755 "$work/root"
  if [[ -n $(ls "$work/root") ]]; then
    tar -C "$work/root" --owner=0 --group=0 --numeric-owner --mtime=@0 --sort=name -cf "$work/layer.tar" .
    layers+=(-f "$work/layer.tar")
  fi
  crane append --insecure --platform linux/amd64 "${layers[@]}" -t "$FILLING/$reference" >>"$MIRROR/crane.log" 2>&1
  rm -rf "$work"
}

scratch_root() { # FOLDER: files that a program needs without a distribution
  mkdir -p "$1"/etc/ssl/certs "$1"/tmp
  chmod 1777 "$1/tmp"
  printf 'root:x:0:0:root:/:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n' >"$1/etc/passwd"
  printf 'hosts: files dns\n' >"$1/etc/nsswitch.conf"
}

mirror_stale() { # IMAGES...: functions that call `image`
  local mirror_mode=list images
  for images; do "$images"; done
}

# mirror_fill IMAGES...: runs in the namespaces that `lab build` or `lab add` create for it
mirror_fill() {
  local mirror_mode=fill images
  mkdir -p "$MIRROR/keys" "$MIRROR/store"
  ip link set lo up
  REGISTRY_HTTP_ADDR=$FILLING REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=$MIRROR/store \
    docker-registry serve "$here/conf/registry.yml" >"$MIRROR/fill.log" 2>&1 &
  wait_for 20 "the mirror's registry" curl -fsS "http://$FILLING/v2/"
  for images; do "$images"; done
}
