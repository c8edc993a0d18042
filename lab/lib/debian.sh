# Root file systems from Debian packages, built once for each recipe, in $HANKKI_CACHE/debian.
# shellcheck shell=bash disable=SC2016 # the hooks are expanded by mmdebstrap's shell

readonly SUITE=bookworm

# recipe NAME: sets `packages`, `hooks` and `format` (tar.gz: an image layer; dir: the nodes' root)
recipe() {
  format=tar.gz hooks=()
  case $1 in
    node)
      format=dir
      packages=(runc iptables nftables ipset ebtables ethtool conntrack iproute2 iputils-ping iputils-arping kmod
        mount socat procps psmisc hostname e2fsprogs util-linux ca-certificates curl runit openssl)
      ;;
    network) packages=(runit iptables nftables ipset iproute2 conntrack kmod procps) ;;
    python)
      packages=(python3 python3-venv python3-pip ca-certificates)
      hooks=(
        # In the official image, Python is not Debian's, so `pip install` works without a virtual environment.
        --customize-hook='rm "$1"/usr/lib/python3.11/EXTERNALLY-MANAGED'
        --customize-hook='for f in python python3 python3.11; do ln -s /usr/bin/python3.11 "$1/usr/local/bin/$f"; done'
        --customize-hook='ln -s /usr/bin/pip3 "$1/usr/local/bin/pip"; ln -s /usr/bin/pip3 "$1/usr/local/bin/pip3"'
      )
      ;;
    node-js)
      packages=(libatomic1 libstdc++6)
      hooks=(--customize-hook='chroot "$1" useradd --uid 1000 --user-group --create-home --shell /bin/bash node')
      ;;
    nginx)
      packages=(nginx gettext-base ca-certificates)
      hooks=(
        --customize-hook='chroot "$1" useradd --system --uid 101 --user-group --no-create-home --shell /usr/sbin/nologin nginx'
        --customize-hook='rm "$1"/etc/nginx/sites-enabled/default'
        --customize-hook='ln -sf /dev/stdout "$1"/var/log/nginx/access.log; ln -sf /dev/stderr "$1"/var/log/nginx/error.log'
      )
      ;;
    redis)
      packages=(redis-server redis-tools)
      hooks=(
        --customize-hook='chroot "$1" groupmod --gid 999 redis; chroot "$1" usermod --uid 999 redis'
        --customize-hook='mkdir -m 755 "$1"/data; chroot "$1" chown -R redis:redis /data /var/lib/redis /var/log/redis /etc/redis'
      )
      ;;
    postgres)
      packages=(postgresql-15)
      hooks=(
        --dpkgopt=force-confold
        --essential-hook='mkdir -p "$1"/etc/postgresql-common; echo create_main_cluster = false >"$1"/etc/postgresql-common/createcluster.conf'
        --customize-hook='chroot "$1" groupmod --gid 999 postgres; chroot "$1" usermod --uid 999 postgres'
        --customize-hook='chroot "$1" install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data'
        --customize-hook='chroot "$1" install -d -o postgres -g postgres -m 3777 /var/run/postgresql'
        --customize-hook='chroot "$1" chown -R postgres:postgres /var/lib/postgresql /var/log/postgresql /etc/postgresql'
      )
      ;;
    blackbox-exporter)
      packages=(prometheus-blackbox-exporter)
      hooks=(
        # Upstream's name. The copy has no file capability (CAP_NET_RAW): the kernel refuses to run a file with a capability
        # that the container has dropped.
        --customize-hook='cp "$1"/usr/bin/prometheus-blackbox-exporter "$1"/usr/bin/blackbox_exporter; rm "$1"/usr/bin/prometheus-blackbox-exporter'
      )
      ;;
    rclone) packages=(ca-certificates) ;;
    machine) # a machine that can run the lab, for check/machine
      format=dir
      hooks=(--customize-hook='chroot "$1" systemctl disable docker-registry') # as tools/packages.sh does
      mapfile -t packages < <(sed 's/#.*//; /^ *$/d' "$here/packages")
      packages+=(ca-certificates dbus kmod make systemd-sysv udev)
      ;;
    *) die "unknown root file system \"$1\"" ;;
  esac
}

# The root file systems of every lab.
readonly RECIPES=(node network python node-js nginx redis postgres)

debian_options() {
  local include
  include=$(IFS=, && echo "${packages[*]}")
  options=(--mode=root --variant=minbase --include="$include" --dpkgopt=force-unsafe-io
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*'
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' "${hooks[@]}"
    # Removes what apt generates again, and what differs between builds, such as a private key.
    --customize-hook='rm -rf "$1"/var/cache/debconf "$1"/var/cache/apt "$1"/var/lib/apt/lists/* "$1"/etc/ssl/*/ssl-cert-snakeoil.*')
}

debian_path() { # NAME
  local packages hooks format options
  recipe "$1"
  debian_options
  echo "$HANKKI_CACHE/debian/$1-$(content_key "$SUITE" "${options[@]}").$format"
}

debian_make() { # NAME
  local packages hooks format options path partial
  path=$(debian_path "$1")
  [[ ! -e $path ]] || return 0
  recipe "$1"
  debian_options
  mkdir -p "$HANKKI_CACHE/debian"
  partial=$HANKKI_CACHE/debian/.$1.$format
  rm -rf "$partial" "$partial.tmp"
  mkdir "$partial.tmp"
  TMPDIR=$partial.tmp SOURCE_DATE_EPOCH=1767225600 mmdebstrap "${options[@]}" "$SUITE" "$partial"
  rm -rf "$partial.tmp"
  mv "$partial" "$path"
}
