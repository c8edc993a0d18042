package preflight_test

import (
	"fmt"
	"net/http"
	"testing"

	"hankki/internal/config"
)

const redisClaim, postgresClaim = "/api/v1/namespaces/shop/persistentvolumeclaims/redis", "/api/v1/namespaces/shop/persistentvolumeclaims/postgres"

// classes of a cluster: volumes of slow cannot grow, those of fast can; old does not set allowVolumeExpansion.
const classList = `{"kind":"StorageClassList","apiVersion":"storage.k8s.io/v1","items":[
	{"metadata": {"name": "slow", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}, "allowVolumeExpansion": false},
	{"metadata": {"name": "fast"}, "allowVolumeExpansion": true}, {"metadata": {"name": "old"}}]}`

// claim is a PersistentVolumeClaim with its requested size and its capacity; named: hankki applied it with its class.
type claim struct {
	class, size, capacity string
	named, pending        bool
}

func (c claim) json(name string) string {
	phase, manages := "Bound", `{"f:spec":{"f:resources":{"f:requests":{"f:storage":{}}}}}`
	if c.pending {
		phase = "Pending"
	}
	if c.named {
		manages = `{"f:spec":{"f:storageClassName":{},"f:resources":{"f:requests":{"f:storage":{}}}}}`
	}
	class := fmt.Sprintf("%q", c.class)
	if c.class == "" {
		class = "null"
	}
	capacity := ""
	if c.capacity != "" {
		capacity = fmt.Sprintf(`, "capacity": {"storage": %q}`, c.capacity)
	}
	return fmt.Sprintf(`{"kind":"PersistentVolumeClaim","apiVersion":"v1",
		"metadata": {"name": %q, "namespace": "shop", "managedFields": [{"manager": "hankki", "operation": "Apply", "fieldsType": "FieldsV1", "fieldsV1": %s}]},
		"spec": {"storageClassName": %s, "resources": {"requests": {"storage": %q}}}, "status": {"phase": %q %s}}`, name, manages, class, c.size, phase, capacity)
}

// Kubernetes rejects each of these changes, which would fail an up half-way. A replacement would lose the data.
func TestImpossibleVolumeChangesAreRefused(t *testing.T) {
	for name, row := range map[string]struct {
		claim       claim
		class, size string
		messages    []string // nil: the change is possible
	}{
		"unchanged":                                   {claim{"slow", "1Gi", "1Gi", true, false}, "slow", "1Gi", nil},
		"the same size in another unit":               {claim{"slow", "1Gi", "1Gi", true, false}, "slow", "1024Mi", nil},
		"the default class":                           {claim{"slow", "1Gi", "1Gi", false, false}, "", "1Gi", nil},
		"the default has changed since":               {claim{"old", "1Gi", "1Gi", false, false}, "", "1Gi", nil},
		"its current class, now configured":           {claim{"slow", "1Gi", "1Gi", false, false}, "slow", "1Gi", nil},
		"its class was deleted":                       {claim{"gone", "1Gi", "1Gi", true, false}, "gone", "1Gi", nil},
		"another class":                               {claim{"slow", "1Gi", "1Gi", true, false}, "fast", "1Gi", []string{`storageClass "fast"`, `StorageClass "slow"`, `set it to "slow"`, "delete pvc"}},
		"another class than the default":              {claim{"slow", "1Gi", "1Gi", false, false}, "fast", "1Gi", []string{`storageClass "fast"`, `StorageClass "slow"`}},
		"the class is no longer configured":           {claim{"fast", "1Gi", "1Gi", true, false}, "", "1Gi", []string{`storageClass ""`, `StorageClass "fast"`, `set it to "fast"`}},
		"no class yet":                                {claim{"", "1Gi", "", false, true}, "fast", "1Gi", nil},
		"shrink":                                      {claim{"fast", "2Gi", "2Gi", true, false}, "fast", "1Gi", []string{"size 1Gi", "has 2Gi", "shrink", "set it to 2Gi"}},
		"smaller than the volume":                     {claim{"fast", "3Gi", "2Gi", true, false}, "fast", "2Gi", []string{"size 2Gi", "has 2Gi", "shrink"}},
		"a failed expansion is reverted":              {claim{"fast", "3Gi", "1Gi", true, false}, "fast", "2Gi", nil},
		"larger, with expansion":                      {claim{"fast", "1Gi", "1Gi", true, false}, "fast", "2Gi", nil},
		"larger, without expansion":                   {claim{"slow", "1Gi", "1Gi", true, false}, "slow", "2Gi", []string{"size 2Gi", "has 1Gi", `"slow"`, "no allowVolumeExpansion", "set it to 1Gi"}},
		"larger, expansion unset":                     {claim{"old", "1Gi", "1Gi", true, false}, "old", "1025Mi", []string{"size 1025Mi", `"old"`, "allowVolumeExpansion"}},
		"larger, of a deleted class":                  {claim{"gone", "1Gi", "1Gi", true, false}, "gone", "2Gi", []string{`"gone"`, "allowVolumeExpansion"}},
		"larger than requested, with enough capacity": {claim{"slow", "1Gi", "2Gi", true, false}, "slow", "2Gi", []string{"allowVolumeExpansion"}},
		"larger, without a class":                     {claim{"", "1Gi", "1Gi", false, false}, "", "2Gi", []string{"allowVolumeExpansion"}},
		"larger, not yet bound":                       {claim{"fast", "1Gi", "", true, true}, "fast", "2Gi", []string{"size 2Gi", "requests 1Gi", "Pending", "set it to 1Gi"}},
		"smaller, not yet bound":                      {claim{"fast", "2Gi", "", true, true}, "fast", "1Gi", []string{"requests 2Gi", "Pending"}},
	} {
		t.Run(name, func(t *testing.T) {
			for key, with := range map[string]func(c *config.Config){
				"redis.persistence": func(c *config.Config) {
					c.Redis.Persistence = config.Persistence{Enabled: true, Volume: config.Volume{Size: row.size, StorageClass: row.class}}
				},
				"database.volume": func(c *config.Config) {
					c.Database = config.Database{Embedded: true, Volume: config.Volume{Size: row.size, StorageClass: row.class}}
				},
			} {
				t.Run(key, func(t *testing.T) {
					cluster := newCluster(t, http.StatusOK)
					cluster.objects[storageClasses] = classList
					cluster.objects[redisClaim], cluster.objects[postgresClaim] = row.claim.json("redis"), row.claim.json("postgres")
					c := stack(newRegistry(t, "http", loopback).address())
					c.Namespace = "shop"
					with(c)
					if row.messages == nil {
						accepted(t, c)
					} else {
						refused(t, c, 1, append(row.messages, key, "shop/", "kubectl -n shop", "pulumi up --refresh")...)
					}
				})
			}
		})
	}
}

func TestAllVolumeErrorsAreListed(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	cluster.objects[storageClasses] = classList
	cluster.objects[redisClaim] = claim{"slow", "2Gi", "2Gi", true, false}.json("redis")
	c := stack(newRegistry(t, "http", loopback).address())
	c.Namespace = "shop"
	c.Redis.Persistence = config.Persistence{Enabled: true, Volume: config.Volume{Size: "1Gi", StorageClass: "fast"}}
	c.Database = config.Database{Embedded: true, Volume: config.Volume{Size: "1Gi", StorageClass: "quick"}}
	refused(t, c, 3, "redis.persistence.storageClass", "redis.persistence.size", "database.volume.storageClass")
}

// If a claim cannot be read, the check does not know whether its data are safe.
func TestUnreadableClaimIsAnError(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	cluster.objects[storageClasses], cluster.objects[redisClaim] = classList, ""
	c := stack(newRegistry(t, "http", loopback).address())
	c.Namespace = "shop"
	c.Redis.Persistence = config.Persistence{Enabled: true, Volume: config.Volume{Size: "1Gi"}}
	refused(t, c, 1, "redis.persistence", "shop/redis", "not for you", "verb get", cluster.URL)
}

// If StorageClasses cannot be listed, the API server decides whether the volume can grow.
func TestVolumeMayGrowIfClassesCannotBeListed(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	cluster.objects[storageClasses], cluster.objects[redisClaim] = "", claim{"slow", "1Gi", "1Gi", true, false}.json("redis")
	c := stack(newRegistry(t, "http", loopback).address())
	c.Namespace = "shop"
	c.Redis.Persistence = config.Persistence{Enabled: true, Volume: config.Volume{Size: "2Gi", StorageClass: "slow"}}
	accepted(t, c)
	c.Redis.Persistence.Size = "500Mi"
	refused(t, c, 1, "shrink")
}
