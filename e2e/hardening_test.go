package e2e

import (
	"strings"
	"testing"
)

// unrestrictedPod sets no securityContext. Pod Security "restricted" rejects it in the namespace of the tiers.
const unrestrictedPod = `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "unrestricted", "namespace": "hankki"},
  "spec": {"containers": [{"name": "unrestricted", "image": "` + foreignImage + `"}]}}`

// inside runs in a container of the site and prints each restriction that it lacks.
const inside = `
[ "$(id -u)" != 0 ] || echo "it is root"
# touch must fail on the read-only file system; its message is discarded.
! touch /written 2>/dev/null || echo "its root file system is writable"
[ ! -e /var/run/secrets/kubernetes.io ] || echo "it has a service account's token"
grep -q "^CapEff:	0*$" /proc/self/status || echo "it has capabilities"
grep -q "^NoNewPrivs:	1$" /proc/self/status || echo "it may gain privileges"
grep -q "^Seccomp:	2$" /proc/self/status || echo "no seccomp filter is on"
`

// checkHardening verifies in the cluster and in the containers that the restrictions of the manifests are in effect.
func checkHardening(t *testing.T, l lab) {
	printed, err := l.tryCreate(unrestrictedPod, "--dry-run=server")
	if err == nil || !strings.Contains(printed, `violates PodSecurity "restricted:`) {
		t.Errorf("creating an unrestricted pod returns %v %s", err, printed)
	}
	for _, tier := range []string{"redis", "backend", "frontend"} {
		t.Run(tier, func(t *testing.T) {
			if wrong := l.kubectl(t, "exec", "-n", "hankki", "deploy/"+tier, "--", "bash", "-c", inside); wrong != "" {
				t.Errorf("in the container of %s:\n%s", tier, wrong)
			}
		})
	}
}

// dangerous runs dangerous commands as the API's Redis user, and one command without authentication. It prints those that succeed.
const dangerous = `
import os, redis
def client(**login): return redis.Redis(host=os.environ["REDIS_HOST"], port=int(os.environ["REDIS_PORT"]), **login)
api = client(username=os.environ["REDIS_USERNAME"], password=os.environ["REDIS_PASSWORD"])
assert api.ping()
for user, command in [(api, c) for c in ("FLUSHALL", "CONFIG GET *", "KEYS *", "SHUTDOWN", "ACL LIST", "GET somebody:elses")] + [(client(), "PING")]:
    try:
        print(command, "returns", user.execute_command(*command.split()))
    except (redis.exceptions.NoPermissionError, redis.exceptions.AuthenticationError):
        pass
`

// checkRedis verifies that Redis refuses dangerous commands, and its memory limit and eviction policy.
func checkRedis(t *testing.T, l lab) {
	if allowed := l.kubectl(t, "exec", "-n", "hankki", "deploy/backend", "--", "python", "-c", dangerous); allowed != "" {
		t.Errorf("Redis allows dangerous commands:\n%s", allowed)
	}
	memory := l.kubectl(t, "exec", "-n", "hankki", "deploy/redis", "--", "redis-cli", "--user", "monitor", "info", "memory")
	for _, want := range []string{"maxmemory:134217728", "maxmemory_policy:noeviction"} {
		if !strings.Contains(memory, want) {
			t.Errorf("INFO memory of Redis lacks %s:\n%s", want, memory)
		}
	}
}
