package tools_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// machine is a fake of a machine that can run the lab: a folder with its /proc, /sys, /dev, /etc and /boot, and the commands
// whose output a file cannot replace.
type machine struct {
	root, commands, cache, lab string
	environment                []string
}

// kernelOptions are those of a kernel that has all that lab/preflight/kernel.sh lists, built in.
func kernelOptions(t *testing.T) string {
	t.Helper()
	rows := regexp.MustCompile(`(?m)^[a-zA-Z_0-9]+ +([A-Z_0-9]+) +\S.*$`).FindAllStringSubmatch(testfile.Read(t, "../lab/preflight/kernel.sh"), -1)
	if len(rows) < 20 {
		t.Fatalf("lab/preflight/kernel.sh lists only %d features", len(rows))
	}
	var options strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&options, "CONFIG_%s=y\n", row[1])
	}
	return options.String()
}

func newMachine(t *testing.T) machine {
	t.Helper()
	m := machine{root: t.TempDir(), cache: filepath.Join(t.TempDir(), "not/there/yet")}
	m.lab = filepath.Join(m.cache, "lab")
	m.commands = commandsOf(t, "bash", "cat", "cut", "dirname", "find", "git", "grep", "head", "make", "paste", "sed", "sort", "tail", "zcat")
	m.answers(t, "id", "0")
	m.answers(t, "uname", `$([[ $1 == -m ]] && echo x86_64 || echo 6.1.0)`)
	m.answers(t, "findmnt", "rw,relatime")
	m.answers(t, "du", "0\tfolder")
	m.disk(t, 27)
	fakeCommand(t, m.commands, "go", `case "$*" in *GOVERSION*) echo go99.0 ;; *GOCACHE*) printf '/gocache\n/gomodcache\n' ;; *) exit 1 ;; esac`)
	testfile.Write(t, m.path("etc/os-release"), "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_CODENAME=bookworm\n")
	testfile.Write(t, m.path("proc/self/status"), "Name:\tbash\nCapEff:\t000001ffffffffff\n")
	testfile.Write(t, m.path("proc/meminfo"), "MemTotal:       8388608 kB\nMemAvailable:   4194304 kB\n")
	testfile.Write(t, m.path("proc/net/tcp"), "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n")
	testfile.Write(t, m.path("boot/config-6.1.0"), kernelOptions(t))
	for _, namespace := range []string{"cgroup", "ipc", "mnt", "net", "pid", "uts"} {
		testfile.Write(t, m.path("proc/self/ns/"+namespace), "")
	}
	for _, controller := range []string{"cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids"} {
		testfile.Write(t, m.path("sys/fs/cgroup/"+controller+"/cgroup.procs"), "")
	}
	if err := os.MkdirAll(m.path("dev"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/null", m.path("dev/loop-control")); err != nil { // a character device
		t.Fatal(err)
	}
	return m
}

func (m machine) path(name string) string { return filepath.Join(m.root, name) }

// answers has the command print the text, as bash expands it.
func (m machine) answers(t *testing.T, command, text string) {
	t.Helper()
	fakeCommand(t, m.commands, command, `printf '%b\n' "`+text+`"`)
}

// disk has one file system with so many GiB free.
func (m machine) disk(t *testing.T, gib int) {
	t.Helper()
	m.answers(t, "df", fmt.Sprintf(`Heading\n$([[ $1 == --output=target ]] && echo / || echo %d)`, gib*1024))
}

// cgroup2 replaces the hierarchies by the single one of cgroup v2.
func (m machine) cgroup2(t *testing.T, controllers string) {
	t.Helper()
	if err := os.RemoveAll(m.path("sys/fs/cgroup")); err != nil {
		t.Fatal(err)
	}
	testfile.Write(t, m.path("sys/fs/cgroup/cgroup.controllers"), controllers+"\n")
	testfile.Write(t, m.path("sys/fs/cgroup/cgroup.procs"), "")
}

// socketInode is the inode of the sockets that listens adds.
const socketInode = 77

// listens adds a socket to /proc/net/tcp or tcp6, in state LISTEN unless another is given.
func (m machine) listens(t *testing.T, file, address, state string, port int) {
	t.Helper()
	old, _ := os.ReadFile(m.path("proc/net/" + file)) // tcp6 is new
	line := fmt.Sprintf("   0: %s:%04X 00000000:0000 %s 00000000:00000000 00:00000000 00000000     0        0 %d 1\n", address, port, state, socketInode)
	testfile.Write(t, m.path("proc/net/"+file), string(old)+line)
}

// process has the process 4321 hold the socket.
func (m machine) process(t *testing.T, name, cgroup string, inode int) {
	t.Helper()
	const folder = "proc/4321/"
	testfile.Write(t, m.path(folder+"comm"), name+"\n")
	testfile.Write(t, m.path(folder+"cgroup"), "1:pids:"+cgroup+"\n")
	testfile.Write(t, m.path(folder+"stat"), fmt.Sprintf("4321 (%s) S%s 4711 0\n", name, strings.Repeat(" 0", 18)))
	if err := os.MkdirAll(m.path(folder+"fd"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(fmt.Sprintf("socket:[%d]", inode), m.path(folder+"fd/3")); err != nil {
		t.Fatal(err)
	}
}

// preflight is what the checks report, a line each, and the notes on what they could not check.
func (m machine) preflight(t *testing.T, checks ...string) (problems []string, output string) {
	t.Helper()
	for _, folder := range []string{"../lab/lib", "../lab/preflight"} { // Go repeats the test when they change
		if _, err := os.ReadDir(folder); err != nil {
			t.Fatal(err)
		}
	}
	c := script(t, "../lab/lab", append([]string{"_preflight"}, checks...)...)
	c.Env = append([]string{"PATH=" + m.commands, "HOME=/home", "HANKKI_CACHE=" + m.cache, "HANKKI_LAB=" + m.lab, "LAB_MACHINE_ROOT=" + m.root}, m.environment...)
	text, err := c.CombinedOutput()
	for line := range strings.Lines(string(text)) {
		if problem, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "  - "); ok {
			problems = append(problems, problem)
		}
	}
	if (err != nil) != (len(problems) > 0) {
		t.Errorf("%v, with %d problems:\n%s", err, len(problems), text)
	}
	return problems, string(text)
}

func remove(t *testing.T, folder, name string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
		t.Fatal(err)
	}
}
