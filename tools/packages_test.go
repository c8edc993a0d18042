package tools_test

import (
	"path/filepath"
	"testing"

	"hankki/internal/testfile"
)

// Debian starts the service of docker-registry, which uses a port of the lab, when the package is installed. A service that already
// ran is that of the machine's owner: its package is not missing.
func TestPackagesStartNoService(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ systemctl, want string }{
		"systemd runs":    {`[[ $1 != is-active || $3 == docker-registry.service ]]`, "disable --now docker-registry.service\n"},
		"it does not":     {"exit 1", ""},
		"no such command": {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			commands := commandsOf(t, "bash", "sed", "sort")
			calls := filepath.Join(t.TempDir(), "calls")
			testfile.Write(t, calls, "")
			fakeCommand(t, commands, "id", "echo 0")
			fakeCommand(t, commands, "apt-get", "")
			fakeCommand(t, commands, "dpkg-query", "[[ ${!#} == redis-server ]] && echo installed")
			fakeCommand(t, commands, "dpkg", `[[ "$*" == "-L docker-registry jq" ]] || exit 1
printf '%s\n' /lib/systemd/system /lib/systemd/system/docker-registry.service /usr/lib/systemd/system/template@.service /usr/bin/docker-registry`)
			if c.systemctl != "" {
				fakeCommand(t, commands, "systemctl", `[[ $1 == is-active ]] || echo "$*" >>`+calls+"\n"+c.systemctl)
			}
			list := filepath.Join(t.TempDir(), "packages")
			testfile.Write(t, list, "jq # a command\nredis-server\ndocker-registry\n")
			run := script(t, "./packages.sh", list)
			run.Env = []string{"PATH=" + commands}
			if output, err := run.CombinedOutput(); err != nil {
				t.Fatalf("%v, output: %s", err, output)
			}
			if got := testfile.Read(t, calls); got != c.want {
				t.Errorf("packages.sh calls systemctl with %q, want %q", got, c.want)
			}
		})
	}
}
