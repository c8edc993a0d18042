package site

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func hashOf(password string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(password))) }

// redisUsers returns the ACL of the stack's Redis: each user's rules, in order.
func redisUsers(t *testing.T, e *engine) map[string][]string {
	t.Helper()
	data, _ := at(e.one(t, secretType, "redis").revealed, "stringData").(map[string]any)
	acl, _ := data["auth.conf"].(string)
	users := map[string][]string{}
	for line := range strings.Lines(acl) {
		words := strings.Fields(line)
		if len(words) < 3 || words[0] != "user" {
			t.Fatalf("%q is not a user", line)
		}
		users[words[1]] = words[2:]
	}
	return users
}

func TestRedisUsers(t *testing.T) {
	users := redisUsers(t, shipped(t, "onprem").deployed(t))
	if got := slices.Sorted(maps.Keys(users)); !slices.Equal(got, []string{"api", "default", "monitor"}) {
		t.Errorf("the users are %v", got)
	}
	if defaultUser := users["default"]; defaultUser[0] != "off" || slices.ContainsFunc(defaultUser, func(rule string) bool { return strings.ContainsAny(rule[:1], ">#") || rule == "on" || rule == "nopass" }) {
		t.Errorf("a client without a login may %v", defaultUser)
	}
	for _, name := range []string{"api", "monitor"} {
		rules := users[name]
		for _, open := range []string{"nopass", "allkeys", "~*", "allcommands", "+@all", "allchannels", "&*", "+@admin", "+@dangerous"} {
			if slices.Contains(rules, open) {
				t.Errorf("%s has %s", name, open)
			}
		}
		if slices.Index(rules, "-@all") > slices.IndexFunc(rules, func(rule string) bool { return strings.HasPrefix(rule, "+") }) {
			t.Errorf("%s does not begin with no command: %v", name, rules)
		}
	}
	if last := users["api"][len(users["api"])-3:]; !slices.Equal(last, []string{"-@dangerous", "-@admin", "-@blocking"}) {
		t.Errorf("a rule after the removals of commands allows some again: %v", last) // rules apply in order
	}
	if keys := slices.DeleteFunc(slices.Clone(users["monitor"]), func(rule string) bool { return !strings.HasPrefix(rule, "~") }); len(keys) > 0 {
		t.Errorf("the monitor may see the keys %v", keys)
	}
}

func TestRedisPasswordsAreHashed(t *testing.T) {
	password, other := secretValues["redisPassword"], fallbackValues["redisPasswordFallback"]
	for name, c := range map[string]struct {
		s    settings
		want []string
	}{
		"one":      {shipped(t, "onprem"), []string{password}},
		"rotating": {shipped(t, "onprem").rotating(), []string{password, other}},
	} {
		t.Run(name, func(t *testing.T) {
			e := c.s.deployed(t)
			var got, want []string
			for _, rule := range redisUsers(t, e)["api"] {
				if hash, found := strings.CutPrefix(rule, "#"); found {
					got = append(got, hash)
				}
			}
			for _, password := range c.want {
				want = append(want, hashOf(password))
			}
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Error("the API's passwords are not those of the stack")
			}
			data := e.one(t, secretType, "redis").revealed["stringData"].(map[string]any)
			if monitor := fmt.Sprint(data["monitorPassword"]); !slices.Contains(redisUsers(t, e)["monitor"], "#"+hashOf(monitor)) || len(monitor) < 32 {
				t.Error("the monitor can't log in")
			}
			for _, password := range c.want {
				if strings.Contains(fmt.Sprint(data), password) {
					t.Error("Redis' Secret holds the API's password, which Redis need not know")
				}
			}
		})
	}
}

// While both passwords are valid, swapping them must not restart Redis: its Secret does not change.
func TestRedisDoesNotRestartWhenPasswordsAreSwapped(t *testing.T) {
	before := shipped(t, "onprem").rotating()
	after := shipped(t, "onprem").rotating().
		set("redisPassword", before.values["redisPasswordFallback"]).set("redisPasswordFallback", before.values["redisPassword"])
	from, to := before.deployed(t).one(t, secretType, "redis"), after.deployed(t).one(t, secretType, "redis")
	if !reflect.DeepEqual(from.revealed, to.revealed) {
		t.Error("the Secret changes, and with it the pod")
	}
	if once := shipped(t, "onprem").deployed(t).one(t, secretType, "redis"); reflect.DeepEqual(from.revealed, once.revealed) {
		t.Error("the fallback changes nothing")
	}
}

func TestRedisPod(t *testing.T) {
	e := shipped(t, "onprem").deployed(t)
	match(t, e.one(t, secretType, "redis"), map[string]any{"stringData": hiddenValue, "immutable": true, "metadata.name": nil})
	redis := e.one(t, deploymentType, "redis")
	match(t, redis, map[string]any{
		"spec.template.spec.volumes.0.secret.items":                 []any{map[string]any{"key": "auth.conf", "path": "auth.conf"}},
		"spec.template.spec.containers.0.volumeMounts.0":            map[string]any{"mountPath": "/run/hankki/redis", "name": "auth", "readOnly": true},
		"spec.template.spec.containers.0.volumeMounts.0.subPath":    nil,
		"spec.template.spec.containers.0.args":                      []any{"redis-server", "/usr/local/etc/redis/redis.conf", "--maxmemory", "134217728"},
		"spec.template.spec.containers.0.resources.requests.memory": "160Mi",
		"spec.template.spec.containers.0.resources.limits.memory":   "224Mi",
	})
	if got := environment(t, redis)["REDISCLI_AUTH"]; !strings.HasSuffix(got, "/monitorPassword") {
		t.Errorf("the probe logs in with %s", got)
	}
	if claims := e.all(claimType); len(claims) > 0 {
		t.Errorf("without persistence %s is made", claims[0].urn)
	}
}

// The memory limit follows maxMemory: with a lower limit the pod would be OOM-killed before Redis is full.
func TestRedisMemoryFollowsItsData(t *testing.T) {
	for maxMemory, want := range map[string][2]string{"1mb": {"33Mi", "34Mi"}, "512mb": {"544Mi", "800Mi"}, "2gb": {"2080Mi", "3104Mi"}} {
		t.Run(maxMemory, func(t *testing.T) {
			match(t, shipped(t, "onprem").set("redis.maxMemory", maxMemory).deployed(t).one(t, deploymentType, "redis"), map[string]any{
				"spec.template.spec.containers.0.resources.requests.memory": want[0],
				"spec.template.spec.containers.0.resources.limits.memory":   want[1],
			})
		})
	}
}

func TestRedisPersistence(t *testing.T) {
	e := shipped(t, "onprem").allOn().deployed(t)
	match(t, e.one(t, claimType, "redis"), map[string]any{
		"metadata.name": "redis", "metadata.namespace": "hankki", "metadata.annotations": map[string]any{"pulumi.com/skipAwait": "true"},
		"spec.accessModes": []any{"ReadWriteOnce"}, "spec.resources.requests.storage": "2Gi", "spec.storageClassName": "fast",
	})
	redis := e.one(t, deploymentType, "redis")
	match(t, redis, map[string]any{
		"spec.strategy": map[string]any{"type": "Recreate"}, // two pods must not write to one file, even if one is terminating
		"spec.template.spec.containers.0.args": []any{
			"flock", "--no-fork", "/data/lock", "redis-server", "/usr/local/etc/redis/redis.conf", "--maxmemory", "134217728", "--appendonly", "yes",
		},
		"spec.template.spec.containers.0.resources.limits.memory": "288Mi",
	})
	mounts := map[any]any{}
	for _, mount := range list(redis, "spec.template.spec.containers.0.volumeMounts") {
		mounts[at(mount, "mountPath")] = at(mount, "name")
	}
	for _, volume := range list(redis, "spec.template.spec.volumes") {
		if at(volume, "name") == mounts["/data"] && at(volume, "persistentVolumeClaim.claimName") != "redis" {
			t.Errorf("/data is %v", volume)
		}
	}
	if mounts["/data"] == nil || mounts["/tmp"] == nil || len(mounts) != 3 {
		t.Errorf("Redis mounts %v", mounts)
	}
	standard := shipped(t, "onprem").set("redis.persistence", map[string]any{"enabled": true}).deployed(t)
	match(t, standard.one(t, claimType, "redis"), map[string]any{"spec.resources.requests.storage": "1Gi", "spec.storageClassName": nil})
}
