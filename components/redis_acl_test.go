package components

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hankki/internal/testfile"
)

// server is a Redis with the site's users, started as in the pod, on its own socket.
type server struct {
	folder string
	*exec.Cmd
}

func startRedis(t *testing.T, folder, acl string) server {
	t.Helper()
	users := filepath.Join(folder, "auth.conf")
	testfile.Write(t, users, acl)
	s := server{folder, exec.Command("redis-server", users, "--port", "0", "--unixsocket", "redis.sock", "--save", "", "--appendonly", "yes", "--dir", ".")}
	s.Dir = folder
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Process.Kill() }) // the test may have ended it already
	return s
}

// run returns the output of redis-cli. It retries while the server starts or loads its data.
func (s server) run(t *testing.T, user, password string, command ...string) string {
	t.Helper()
	var out []byte
	for range 600 { // 60 s, for a busy machine
		c := exec.Command("redis-cli", append([]string{"-s", "redis.sock", "--user", user}, command...)...)
		c.Dir, c.Env = s.folder, append(os.Environ(), "REDISCLI_AUTH="+password)
		var err error
		if out, err = c.CombinedOutput(); err == nil && !strings.Contains(string(out), "Could not connect") && !strings.Contains(string(out), "LOADING") {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	return strings.TrimSpace(string(out))
}

// Redis replays its append-only file as the default user, which is off.
func TestRedisReplaysWritesOfScripts(t *testing.T) {
	acl, _ := redisACL([]string{"password"}, false, nil)
	folder := t.TempDir()
	s := startRedis(t, folder, acl)
	script := "redis.call('HSET', KEYS[1], 'user', '1') redis.call('EXPIRE', KEYS[1], 600) return 'kept'"
	if got := s.run(t, redisUser, "password", "EVAL", script, "1", "session:a"); got != "kept" {
		t.Fatalf("the script returns %q", got)
	}
	if err := s.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = s.Wait() // an interrupted Redis exits with an error; its data are checked below

	again := startRedis(t, folder, acl)
	if got := again.run(t, redisUser, "password", "HGET", "session:a", "user"); got != "1" {
		t.Errorf("after a restart the session's user is %q", got)
	}
	if got := again.run(t, "default", "", "GET", "cache:a"); !strings.Contains(got, "NOAUTH") && !strings.Contains(got, "WRONGPASS") {
		t.Errorf("without a login Redis returns %q", got)
	}
}
