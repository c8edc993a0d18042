package tools_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

func TestPreflightReportsEachProblem(t *testing.T) {
	t.Parallel()
	for name, d := range defects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			d.spoil(t, m)
			problems, output := m.preflight(t)
			if len(problems) != 1 {
				t.Fatalf("%d problems are reported, want 1:\n%s", len(problems), output)
			}
			for _, words := range d.words {
				if !strings.Contains(problems[0], words) {
					t.Errorf("%q is not in %q", words, problems[0])
				}
			}
			if only, _ := m.preflight(t, d.check); len(only) != 1 {
				t.Errorf("the check %s alone reports %q", d.check, only)
			}
		})
	}
}

// Each file in lab/preflight is one check, and has a machine here that it must report.
func TestPreflightHasAMachineForEachCheck(t *testing.T) {
	tested := map[string]bool{}
	for _, d := range defects {
		tested[d.check] = true
	}
	files, err := filepath.Glob("../lab/preflight/*.sh")
	if err != nil || len(files) != len(tested) {
		t.Errorf("%d files (%v), %d checks with a test", len(files), err, len(tested))
	}
	for _, file := range files {
		if check := strings.TrimSuffix(filepath.Base(file), ".sh"); !tested[check] {
			t.Errorf("no test has a machine that the check %s must report", check)
		}
	}
}

func TestPreflightReportsAllProblemsAtOnce(t *testing.T) {
	m := newMachine(t)
	together := []string{"git is not installed", "Debian 13", "a container without privileges", "a kernel option is off", "no loop devices", "cgroup v1 without pids",
		"a cache mounted noexec", "little disk", "little memory", "another lab", "a port is used on loopback", "a port is used on all addresses"}
	for _, name := range together {
		defects[name].spoil(t, m)
	}
	if problems, output := m.preflight(t); len(problems) != len(together) {
		t.Errorf("%d problems are reported, want %d:\n%s", len(problems), len(together), output)
	}
}

func TestPreflightAcceptsAMachineThatCanRunTheLab(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*testing.T, machine){
		"as it is": func(*testing.T, machine) {},
		"cgroup v2": func(t *testing.T, m machine) {
			m.cgroup2(t, "cpuset cpu io memory hugetlb pids rdma misc")
			testfile.Write(t, m.path("sys/fs/cgroup/memory.max"), "max\n")
		},
		"cgroup v1 without a limit": func(t *testing.T, m machine) {
			testfile.Write(t, m.path("sys/fs/cgroup/memory/memory.limit_in_bytes"), "9223372036854771712\n")
			testfile.Write(t, m.path("sys/fs/cgroup/memory/memory.usage_in_bytes"), "1073741824\n")
		},
		"modules of a Debian kernel": func(t *testing.T, m machine) {
			testfile.Write(t, m.path("boot/config-6.1.0"), strings.ReplaceAll(kernelOptions(t), "=y", "=m"))
			var dep strings.Builder
			for _, row := range regexp.MustCompile(`(?m)^(\w+) +[A-Z_0-9]+ +\S.*$`).FindAllStringSubmatch(testfile.Read(t, "../lab/preflight/kernel.sh"), -1) {
				fmt.Fprintf(&dep, "kernel/net/%s.ko.xz: kernel/net/other.ko.xz\n", row[1])
			}
			testfile.Write(t, m.path("lib/modules/6.1.0/modules.dep"), dep.String())
		},
		"a container that sees no modules": func(t *testing.T, m machine) {
			testfile.Write(t, m.path("boot/config-6.1.0"), strings.ReplaceAll(kernelOptions(t), "=y", "=m"))
		},
		"Go's caches hold the rest of the 27 GiB": func(t *testing.T, m machine) {
			m.disk(t, 20)
			for _, folder := range []string{"gocache", "gomodcache"} {
				testfile.Write(t, m.path(folder+"/file"), "")
			}
			fakeCommand(t, m.commands, "go", `case "$*" in *GOVERSION*) echo go99.0 ;; *) printf '%s\n' `+m.path("gocache")+` `+m.path("gomodcache")+` ;; esac`)
			m.answers(t, "du", `5120\tfolder`)
		},
		"all is built": func(t *testing.T, m machine) {
			m.disk(t, 6)
			fakeCommand(t, filepath.Join(m.cache, "bin"), "kubelet", "")
		},
		"a listener on another address": func(t *testing.T, m machine) { m.listens(t, "tcp", "0501000A", listen, 5000) },
		"a connection to such a port":   func(t *testing.T, m machine) { m.listens(t, "tcp", loopback, established, 5000) },
		"a verb that was killed":        func(t *testing.T, m machine) { testfile.Write(t, m.path("run/hankki-lab/holder"), "4321 4711 up\n") },
		"the end of a lab of the same folder": func(t *testing.T, m machine) {
			testfile.Write(t, m.path("run/hankki-lab/folder"), m.lab+"\n")
			m.listens(t, "tcp", loopback, listen, 5000)
			m.process(t, "socat", "/hankki/services", 77)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			change(t, m)
			if _, output := m.preflight(t); output != "" {
				t.Errorf("reported:\n%s", output)
			}
		})
	}
}

// Without any of its sources a check must not guess: it prints what it has not checked.
func TestPreflightPrintsWhatItCannotCheck(t *testing.T) {
	m := newMachine(t)
	remove(t, m.root, "boot")
	testfile.Write(t, m.path("sys/module/overlay/refcnt"), "1\n")
	problems, output := m.preflight(t)
	if len(problems) != 0 || !strings.Contains(output, "not checked") || !strings.Contains(output, " veth ") || strings.Contains(output, " overlay ") {
		t.Errorf("reported:\n%s", output)
	}
}

// The processes of this machine's own /proc are found.
func TestPreflightNamesTheProcessThatUsesAPort(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	c := exec.Command("bash", "-euc", `here=../lab LAB_MACHINE_ROOT=; source ../lab/preflight/ports.sh; check_port "$0" client target "the test"`, fmt.Sprint(port))
	output, err := c.CombinedOutput()
	if want := fmt.Sprintf("127.0.0.1:%d (the test): used by ", port); err != nil || !strings.Contains(string(output), want) || !strings.Contains(string(output), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("%v, %s", err, output)
	}
}

// `make up` reports what the machine lacks before it installs or builds anything; so does each target that starts the lab. The rules
// are read and not run: make executes a recipe that calls make even with --dry-run.
func TestPreflightComesFirst(t *testing.T) {
	rules := dryRun(t, "--print-data-base", "help")
	for _, target := range []string{"up", "test", "lab-build"} {
		if !regexp.MustCompile(`(?m)^` + target + `: preflight( |$)`).MatchString(rules) {
			t.Errorf("the first prerequisite of %s is not preflight", target)
		}
	}
	for _, target := range []string{"lab-up", "test-lab", "test-outages", "test-changes", "test-tls", "test-sites", "test-versions", "test-upgrade"} {
		if !regexp.MustCompile(`(?m)^` + target + `: lab-build( |$)`).MatchString(rules) {
			t.Errorf("the first prerequisite of %s is not lab-build", target)
		}
	}
	if output := strings.TrimSpace(dryRun(t, "preflight")); output != "lab/lab _preflight" {
		t.Errorf("make preflight does %q", output)
	}
	if output := strings.TrimSpace(dryRun(t, "preflight", "LAB=off")); output != "lab/lab _preflight commands" {
		t.Errorf("make preflight LAB=off does %q", output)
	}
}

func dryRun(t *testing.T, arguments ...string) string {
	t.Helper()
	c := exec.Command("make", append([]string{"--dry-run"}, arguments...)...)
	c.Dir = ".."
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	output, err := c.Output()
	if err != nil {
		t.Fatalf("make %s: %v", arguments, err)
	}
	return string(output)
}
