package site

import (
	"maps"
	"reflect"
	"slices"
	"testing"
)

// A changed value replaces exactly the pods that use it.
func TestPodsFollowExternallyManagedSecrets(t *testing.T) {
	before := shipped(t, "dev").allExternal().deployed(t)
	for secret, tiers := range map[string][]string{
		"databasePassword": {"backend", "postgres"}, "databasePasswordFallback": {"backend"},
		"redisPassword": {"backend", "redis"}, "redisPasswordFallback": {"redis"},
		"signingKey": {"backend"}, "signingKeyFallbacks": {"backend"},
	} {
		t.Run(secret, func(t *testing.T) {
			s := shipped(t, "dev").allExternal().externallyManaged(secret, "anOther-value-of-32-bytes-at-least")
			after := s.deployed(t)
			for _, tier := range []string{"backend", "redis", "postgres", "frontend"} {
				from, to := follows(t, before, deploymentType, tier), follows(t, after, deploymentType, tier)
				if (from != to) != slices.Contains(tiers, tier) {
					t.Errorf("whether the pods of %s are replaced is %v", tier, from != to)
				}
			}
			if from, to := follows(t, before, jobType, "backend-release"), follows(t, after, jobType, "backend-release"); (from != to) != slices.Contains(tiers, "backend") {
				t.Errorf("whether the migration runs again is %v", from != to)
			}
		})
	}
	if again := shipped(t, "dev").allExternal().deployed(t); !reflect.DeepEqual(again.one(t, secretType, "redis").revealed, before.one(t, secretType, "redis").revealed) {
		t.Error("an unchanged stack changes Redis' Secret")
	}
	// With another key the digest differs, so a password cannot be guessed from it.
	other := &engine{digestKey: "another-key"}
	if err, _ := shipped(t, "dev").allExternal().run(other); err != nil {
		t.Fatal(err)
	}
	if follows(t, other, deploymentType, "backend") == follows(t, before, deploymentType, "backend") {
		t.Error("the digest does not depend on the key of the state")
	}
}

// As with the stack's own passwords: while both are valid, swapping them does not restart Redis, whether the values or the
// references are swapped.
func TestRedisDoesNotRestartWhenExternalPasswordsAreSwapped(t *testing.T) {
	before := shipped(t, "onprem").allExternal().deployed(t)
	values := shipped(t, "onprem").allExternal().externallyManaged("redisPassword", externalValues["redisPasswordFallback"]).externallyManaged("redisPasswordFallback", externalValues["redisPassword"])
	references := shipped(t, "onprem").allExternal().externallyManaged("redisPassword", externalValues["redisPasswordFallback"]).externallyManaged("redisPasswordFallback", externalValues["redisPassword"]).
		set("secrets.redisPassword", map[string]any{"name": "vault", "key": "redisPasswordFallback"}).set("secrets.redisPasswordFallback", map[string]any{"name": "vault", "key": "redisPassword"})
	for name, s := range map[string]settings{"values": values, "references": references} {
		t.Run(name, func(t *testing.T) {
			after := s.deployed(t)
			if !reflect.DeepEqual(before.one(t, secretType, "redis").revealed, after.one(t, secretType, "redis").revealed) {
				t.Error("the Secret changes, and with it the pod")
			}
			if follows(t, before, deploymentType, "redis") != follows(t, after, deploymentType, "redis") {
				t.Error("the annotation of the pod changes")
			}
			from, to := environment(t, before.one(t, deploymentType, "redis")), environment(t, after.one(t, deploymentType, "redis"))
			delete(from, "REDISCLI_AUTH") // refers to the Secret, whose name the mock generates
			delete(to, "REDISCLI_AUTH")
			if !maps.Equal(from, to) || len(from) != 2 {
				t.Errorf("the environment %v becomes %v", from, to)
			}
			if follows(t, before, deploymentType, "backend") == follows(t, after, deploymentType, "backend") {
				t.Error("the API does not follow")
			}
		})
	}
}
