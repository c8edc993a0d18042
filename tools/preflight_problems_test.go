package tools_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

const loopback, anywhere, listen, established = "0100007F", "00000000", "0A", "01"

// defects are machines with one thing wrong, each with the words of its one line.
var defects = map[string]struct {
	check string
	spoil func(*testing.T, machine)
	words []string
}{
	"git is not installed": {"commands", func(t *testing.T, m machine) { remove(t, m.commands, "git") }, []string{"command git", "apt-get install git"}},
	"Go is not installed":  {"commands", func(t *testing.T, m machine) { remove(t, m.commands, "go") }, []string{"command go", "go.dev/dl"}},
	"Go is too old": {"commands", func(t *testing.T, m machine) { fakeCommand(t, m.commands, "go", "echo go1.19") },
		[]string{"go.mod needs 1.", "this is 1.19"}},
	"Go cannot fetch its newer version": {"commands", func(t *testing.T, m machine) {
		fakeCommand(t, m.commands, "go", "echo 'go: download go1.26: no such host' >&2; exit 1")
	},
		[]string{"go.mod needs 1.", "no such host"}},
	"arm64": {"system", func(t *testing.T, m machine) {
		m.answers(t, "uname", `$([[ $1 == -m ]] && echo aarch64 || echo 6.1.0)`)
	}, []string{"aarch64", "LAB=off"}},
	"Ubuntu": {"system", func(t *testing.T, m machine) {
		testfile.Write(t, m.path("etc/os-release"), "PRETTY_NAME=\"Ubuntu 24.04 LTS\"\nID=ubuntu\nVERSION_CODENAME=noble\n")
	}, []string{"Ubuntu 24.04 LTS", "debian:12"}},
	"Debian 13": {"system", func(t *testing.T, m machine) {
		testfile.Write(t, m.path("etc/os-release"), "PRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\nID=debian\nVERSION_CODENAME=trixie\n")
	}, []string{"Debian GNU/Linux 13", "Debian 12 (bookworm)"}},
	"not root": {"privileges", func(t *testing.T, m machine) { m.answers(t, "id", "1000") }, []string{"not root", "run make as root", "LAB=off"}},
	"a container without privileges": {"privileges", func(t *testing.T, m machine) {
		testfile.Write(t, m.path("proc/self/status"), "CapEff:\t00000000a80425fb\n") // Docker's default
	}, []string{"CAP_NET_ADMIN CAP_SYS_ADMIN", "--privileged"}},
	"a kernel option is off": {"kernel", func(t *testing.T, m machine) {
		testfile.Write(t, m.path("boot/config-6.1.0"), strings.Replace(kernelOptions(t), "CONFIG_VXLAN=y", "# CONFIG_VXLAN is not set", 1))
	}, []string{"vxlan (CONFIG_VXLAN, for Calico)", "install the kernel's modules"}},
	"a module is not installed": {"kernel", func(t *testing.T, m machine) {
		testfile.Write(t, m.path("boot/config-6.1.0"), strings.Replace(kernelOptions(t), "CONFIG_IP_SET=y", "CONFIG_IP_SET=m", 1))
		testfile.Write(t, m.path("lib/modules/6.1.0/modules.dep"), "kernel/net/veth.ko:\n")
	}, []string{"ip_set (CONFIG_IP_SET, for Calico)", "linux-modules-extra-6.1.0"}},
	"a kernel without network namespaces": {"kernel", func(t *testing.T, m machine) { remove(t, m.root, "proc/self/ns/net") }, []string{"net namespaces"}},
	"no loop devices":                     {"kernel", func(t *testing.T, m machine) { remove(t, m.root, "dev/loop-control") }, []string{"/dev/loop-control", "modprobe loop"}},
	"cgroup v1 without pids": {"cgroups", func(t *testing.T, m machine) { remove(t, m.root, "sys/fs/cgroup/pids") },
		[]string{"cgroup v1", "for pids", "mount -t cgroup"}},
	"cgroup v2 without memory": {"cgroups", func(t *testing.T, m machine) { m.cgroup2(t, "cpuset cpu io pids") }, []string{"cgroup v2", "lacks memory", "cgroup_enable"}},
	"cgroup v2 without io":     {"cgroups", func(t *testing.T, m machine) { m.cgroup2(t, "cpuset cpu memory pids") }, []string{"cgroup v2", "lacks io"}},
	"a cache mounted noexec":   {"mounts", func(t *testing.T, m machine) { m.answers(t, "findmnt", "rw,nosuid,nodev,noexec") }, []string{"noexec nodev nosuid", "HANKKI_CACHE"}},
	"little disk":              {"disk", func(t *testing.T, m machine) { m.disk(t, 26) }, []string{"/ has 26 GiB free, 27 GiB are needed", "13 GiB for /gocache", "GOCACHE"}},
	"little disk, all built": {"disk", func(t *testing.T, m machine) {
		m.disk(t, 5)
		m.answers(t, "du", `10240\tfolder`) // what is built is not needed again
		fakeCommand(t, filepath.Join(m.cache, "bin"), "kubelet", "")
	}, []string{"/ has 5 GiB free, 6 GiB are needed"}},
	"little memory": {"memory", func(t *testing.T, m machine) {
		testfile.Write(t, m.path("proc/meminfo"), "MemAvailable:   4194303 kB\n")
	}, []string{"3.9 GiB are available", "needs 4 GiB"}},
	"a limit of cgroup v1": {"memory", func(t *testing.T, m machine) {
		testfile.Write(t, m.path("sys/fs/cgroup/memory/memory.limit_in_bytes"), fmt.Sprintln(5<<30))
		testfile.Write(t, m.path("sys/fs/cgroup/memory/memory.usage_in_bytes"), fmt.Sprintln(2<<30))
	}, []string{"limit leaves 3.0 GiB", "docker run --memory"}},
	"a limit of cgroup v2": {"memory", func(t *testing.T, m machine) {
		m.cgroup2(t, "cpuset cpu io memory pids")
		testfile.Write(t, m.path("sys/fs/cgroup/memory.max"), fmt.Sprintln(2<<30))
		testfile.Write(t, m.path("sys/fs/cgroup/memory.current"), fmt.Sprintln(1<<30))
		testfile.Write(t, m.path("sys/fs/cgroup/memory.stat"), fmt.Sprintf("anon 1\ninactive_file %d\n", 1<<29))
	}, []string{"limit leaves 1.5 GiB"}},
	"another lab": {"other_lab", func(t *testing.T, m machine) { testfile.Write(t, m.path("run/hankki-lab/folder"), "/home/lab\n") },
		[]string{"folder /home/lab", "HANKKI_LAB=/home/lab lab/lab down"}},
	"another verb is in progress": {"other_lab", func(t *testing.T, m machine) {
		m.process(t, "bash", "/", 1)
		testfile.Write(t, m.path("run/hankki-lab/holder"), "4321 4711 up\n")
	}, []string{`another "up" is in progress: process 4321`}},
	"a port is used on loopback": {"ports", func(t *testing.T, m machine) {
		m.listens(t, "tcp", loopback, listen, 5000)
		m.process(t, "registry", "/", 77)
	}, []string{"127.0.0.1:5000 (registry, without a password): used by registry, process 4321", "kill 4321"}},
	"a port is used by a service of systemd": {"ports", func(t *testing.T, m machine) { // Debian starts it with the package
		m.listens(t, "tcp", loopback, listen, 5000)
		m.process(t, "docker-registry", "/system.slice/docker-registry.service", 77)
	}, []string{"used by docker-registry, process 4321", "stop it (systemctl disable --now docker-registry.service)"}},
	"a port is used by an instance of a service of systemd": {"ports", func(t *testing.T, m machine) {
		m.listens(t, "tcp", loopback, listen, 5000)
		m.process(t, "registry", "/system.slice/system-registry.slice/registry@team.service", 77)
	}, []string{"stop it (systemctl disable --now registry@team.service)"}},
	"a port is used on all addresses": {"ports", func(t *testing.T, m machine) { m.listens(t, "tcp", anywhere, listen, 8080) },
		[]string{"127.0.0.1:8080 (the site): used by a process that is not visible here"}},
	"a port is used on all addresses of IPv6": {"ports", func(t *testing.T, m machine) {
		m.listens(t, "tcp6", strings.Repeat(anywhere, 4), listen, 6443)
	}, []string{"127.0.0.1:6443 (Kubernetes API)"}},
}
