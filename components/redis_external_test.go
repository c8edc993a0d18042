package components

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// startExternal starts Redis as the pod does with externally managed passwords.
func startExternal(t *testing.T, acl string, passwords ...string) server {
	t.Helper()
	folder := t.TempDir()
	template, users := filepath.Join(folder, "users"), filepath.Join(folder, "redis")
	for _, made := range []string{template, users} {
		if err := os.Mkdir(made, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	testfile.Write(t, filepath.Join(template, redisACLFile), acl)
	s := server{folder, exec.Command("sh", "-c", redisExternalStart, "sh", template, users,
		"redis-server", filepath.Join(users, redisACLFile), "--port", "0", "--unixsocket", "redis.sock", "--save", "", "--dir", ".")}
	s.Dir, s.Env = folder, append(os.Environ(), "KEPT_PASSWORD_1="+passwords[0])
	if len(passwords) > 1 {
		s.Env = append(s.Env, "KEPT_PASSWORD_2="+passwords[1])
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Process.Kill() }) // the process may have exited already
	return s
}

// The pod writes the hashes of externally managed passwords into the ACL, whatever characters the passwords contain.
func TestRedisAcceptsExternallyManagedPasswords(t *testing.T) {
	const odd = `a/b&c\1 "d" $e '#f' 비밀`
	for name, row := range map[string]struct {
		own, external, good []string
	}{
		"one":                     {nil, []string{odd}, []string{odd}},
		"both":                    {nil, []string{odd, "other"}, []string{odd, "other"}},
		"the same twice":          {nil, []string{odd, odd}, []string{odd}},
		"an empty fallback":       {nil, []string{odd, ""}, []string{odd}},
		"with own password":       {[]string{"mine"}, []string{odd}, []string{"mine", odd}},
		"with empty own password": {[]string{""}, []string{odd}, []string{odd}},
	} {
		t.Run(name, func(t *testing.T) {
			acl, monitor := redisACL(row.own, true, []string{"digest"})
			s := startExternal(t, acl, row.external...)
			for _, password := range row.good {
				if got := s.run(t, redisUser, password, "SET", "session:a", "1"); got != "OK" {
					t.Errorf("with the password %q Redis returns %q", password, got)
				}
			}
			for _, password := range []string{"", "wrong", externalPasswords} {
				if got := s.run(t, redisUser, password, "GET", "session:a"); !strings.Contains(got, "NOAUTH") && !strings.Contains(got, "WRONGPASS") {
					t.Errorf("with the password %q Redis returns %q", password, got)
				}
			}
			if got := s.run(t, redisMonitor, monitor, "PING"); got != "PONG" {
				t.Errorf("as the user monitor Redis returns %q", got)
			}
			environment, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", s.Process.Pid))
			if err != nil || strings.Contains(string(environment), "KEPT_PASSWORD") {
				t.Errorf("the environment of Redis has a password (%v)", err)
			}
		})
	}
}

// The monitor's password changes with the others. It cannot be derived from the public digest of the digests.
func TestMonitorPasswordFollowsExternallyManagedPasswords(t *testing.T) {
	_, one := redisACL(nil, true, []string{"a"})
	_, other := redisACL(nil, true, []string{"b"})
	if one == other || one == sha256Hex("a") {
		t.Error("the monitor's password does not follow the digests")
	}
}
