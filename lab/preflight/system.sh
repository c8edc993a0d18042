# The processor and the distribution. The lab's packages, root file systems and images are Debian 12's for amd64.
# shellcheck shell=bash

check_system() {
  local architecture codename name
  architecture=$(uname -m)
  if [[ $architecture != x86_64 ]]; then
    echo "processor: $architecture; the lab's images are built for x86_64: use another machine, or a cluster of your own (LAB=off)"
  fi
  codename=$(os_release VERSION_CODENAME)
  name=$(os_release PRETTY_NAME)
  if [[ $(os_release ID) != debian || $codename != bookworm ]]; then
    echo "distribution: ${name:-unknown}; the lab's packages are those of Debian 12 (bookworm): use a Debian 12 machine or a" \
      "privileged container (docker run --privileged debian:12), or a cluster of your own (LAB=off)"
  fi
}

# os_release KEY: the value without quotes; empty if the file or the key is missing
os_release() { sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}$/\1/p" "$LAB_MACHINE_ROOT/etc/os-release" 2>/dev/null || true; }
