package e2e

import (
	"strings"
	"testing"
)

// carelessPod is what most people write; with "restricted" enforced nobody may run it beside the tiers.
const carelessPod = `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "careless", "namespace": "hankki"},
  "spec": {"containers": [{"name": "careless", "image": "` + strangersImage + `"}]}}`

// inside prints what a container of ours should not be able to do, and is.
const inside = `
[ "$(id -u)" != 0 ] || echo "it is root"
# What touch says of a file system that is read-only is what should happen.
! touch /written 2>/dev/null || echo "its root file system is writable"
[ ! -e /var/run/secrets/kubernetes.io ] || echo "it has a service account's token"
grep -q "^CapEff:	0*$" /proc/self/status || echo "it has capabilities"
grep -q "^NoNewPrivs:	1$" /proc/self/status || echo "it may gain privileges"
grep -q "^Seccomp:	2$" /proc/self/status || echo "no seccomp filter is on"
`

// checkHardening asks the cluster and the containers themselves whether what the manifests say is so.
func checkHardening(t *testing.T, l lab) {
	said, err := l.tryCreate(carelessPod, "--dry-run=server")
	if err == nil || !strings.Contains(said, `violates PodSecurity "restricted:`) {
		t.Errorf("a pod without any restriction is answered with %v %s", err, said)
	}
	for _, tier := range []string{"redis", "backend", "frontend"} {
		if wrong := l.kubectl(t, "exec", "-n", "hankki", "deploy/"+tier, "--", "bash", "-c", inside); wrong != "" {
			t.Errorf("in the container of %s:\n%s", tier, wrong)
		}
	}
}

// dangerous has the API's own user try what could hurt others, and somebody without a password try anything.
const dangerous = `
import os, redis
def client(**login): return redis.Redis(host=os.environ["REDIS_HOST"], port=int(os.environ["REDIS_PORT"]), **login)
api = client(username=os.environ["REDIS_USERNAME"], password=os.environ["REDIS_PASSWORD"])
assert api.ping()
for who, command in [(api, c) for c in ("FLUSHALL", "CONFIG GET *", "KEYS *", "SHUTDOWN", "ACL LIST", "GET somebody:elses")] + [(client(), "PING")]:
    try:
        print(command, "is answered with", who.execute_command(*command.split()))
    except (redis.exceptions.NoPermissionError, redis.exceptions.AuthenticationError):
        pass
`

// checkRedis asks the Redis that runs what it refuses, and what it does when it is full.
func checkRedis(t *testing.T, l lab) {
	if allowed := l.kubectl(t, "exec", "-n", "hankki", "deploy/backend", "--", "python", "-c", dangerous); allowed != "" {
		t.Errorf("Redis is not careful:\n%s", allowed)
	}
	memory := l.kubectl(t, "exec", "-n", "hankki", "deploy/redis", "--", "redis-cli", "--user", "monitor", "info", "memory")
	for _, want := range []string{"maxmemory:134217728", "maxmemory_policy:noeviction"} {
		if !strings.Contains(memory, want) {
			t.Errorf("Redis does not say %s:\n%s", want, memory)
		}
	}
}
