# The features that the kernel must have: built in, as a loaded module or as a loadable module.
# shellcheck shell=bash

# module, kernel option, user
readonly KERNEL_FEATURES="
overlay            OVERLAY_FS                       root file systems of nodes and containers
ext4               EXT4_FS                          disks of nodes
loop               BLK_DEV_LOOP                     disks of nodes
veth               VETH                             network of hosts and pods
bridge             BRIDGE                           network of hosts
vxlan              VXLAN                            Calico
ip_set             IP_SET                           Calico
ip_set_hash_ip     IP_SET_HASH_IP                   Calico
ip_set_hash_net    IP_SET_HASH_NET                  Calico
xt_set             NETFILTER_XT_SET                 Calico
xt_multiport       NETFILTER_XT_MATCH_MULTIPORT     Calico
ipt_rpfilter       IP_NF_MATCH_RPFILTER             Calico
nf_tables          NF_TABLES                        iptables
nft_compat         NFT_COMPAT                       iptables
nf_conntrack       NF_CONNTRACK                     kube-proxy
nf_nat             NF_NAT                           kube-proxy
xt_addrtype        NETFILTER_XT_MATCH_ADDRTYPE      kube-proxy
xt_comment         NETFILTER_XT_MATCH_COMMENT       kube-proxy
xt_conntrack       NETFILTER_XT_MATCH_CONNTRACK     kube-proxy
xt_mark            NETFILTER_XT_MARK                kube-proxy
xt_nat             NETFILTER_XT_NAT                 kube-proxy
xt_statistic       NETFILTER_XT_MATCH_STATISTIC     kube-proxy
xt_MASQUERADE      NETFILTER_XT_TARGET_MASQUERADE   kube-proxy
ipt_REJECT         IP_NF_TARGET_REJECT              kube-proxy
"

check_kernel() {
  local release options modules module option user missing=() unknown=() namespace
  release=$(uname -r)
  options=$(kernel_options "$release")
  modules=$(cat "$LAB_MACHINE_ROOT/lib/modules/$release"/modules.{builtin,dep} 2>/dev/null || true)
  while read -r module option user; do
    [[ -n $module && ! -d $LAB_MACHINE_ROOT/sys/module/$module && $modules != *"/$module.ko"* ]] || continue
    if [[ $options == *"CONFIG_$option=y"* ]]; then
      continue
    elif [[ $options == *"CONFIG_$option=m"* && -z $modules ]]; then
      continue # a container sees no /lib/modules; the machine's kernel loads the module when it is first used
    elif [[ -z $options$modules ]]; then
      unknown+=("$module")
    else
      missing+=("$module (CONFIG_$option, for $user)")
    fi
  done <<<"$KERNEL_FEATURES"
  if ((${#missing[@]})); then
    echo "kernel $release: lacks $(join_words ', ' "${missing[@]}"): install the kernel's modules (Debian: linux-image-amd64;" \
      "Ubuntu: linux-modules-extra-$release) or boot a kernel with these options"
  fi
  if ((${#unknown[@]})); then
    echo "lab: not checked, because neither /proc/config.gz nor /boot/config-$release nor /lib/modules/$release is readable: the kernel" \
      "features ${unknown[*]}" >&2
  fi
  for namespace in cgroup ipc mnt net pid uts; do
    [[ -e $LAB_MACHINE_ROOT/proc/self/ns/$namespace ]] || echo "kernel $release: has no $namespace namespaces: boot a kernel with CONFIG_NAMESPACES and its parts"
  done
  [[ -c $LAB_MACHINE_ROOT/dev/loop-control ]] ||
    echo "/dev/loop-control: no character device; a node's disk is a file in a loop mount: modprobe loop, or run the container with --privileged"
}

kernel_options() { # RELEASE: CONFIG_X=y and CONFIG_X=m lines; empty if the kernel's configuration is not readable
  if [[ -r $LAB_MACHINE_ROOT/proc/config.gz ]]; then
    zcat "$LAB_MACHINE_ROOT/proc/config.gz"
  else
    cat "$LAB_MACHINE_ROOT/boot/config-$1" 2>/dev/null || true
  fi
}

join_words() { # SEPARATOR WORD...
  local separator=$1 first=$2
  shift 2
  printf '%s' "$first" "${@/#/$separator}"
}
