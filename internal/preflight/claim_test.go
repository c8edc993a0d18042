package preflight_test

import (
	"fmt"
	"net/http"
	"testing"

	"hankki/internal/config"
)

const redisClaim, postgresClaim = "/api/v1/namespaces/shop/persistentvolumeclaims/redis", "/api/v1/namespaces/shop/persistentvolumeclaims/postgres"

// classes of a cluster: slow can't grow, fast can, old says nothing of it.
const classList = `{"kind":"StorageClassList","apiVersion":"storage.k8s.io/v1","items":[
	{"metadata": {"name": "slow", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}, "allowVolumeExpansion": false},
	{"metadata": {"name": "fast"}, "allowVolumeExpansion": true}, {"metadata": {"name": "old"}}]}`

// claim is one that asks for a size and was given a capacity; named: it was applied with its class.
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

// Kubernetes refuses each of these, which would end an up half-way; a replacement would lose the data.
func TestWhatCanNotBeChangedAboutAVolumeIsRefused(t *testing.T) {
	for name, row := range map[string]struct {
		claim       claim
		class, size string
		messages    []string // none: the change is possible
	}{
		"unchanged":                                 {claim{"slow", "1Gi", "1Gi", true, false}, "slow", "1Gi", nil},
		"the same size in other words":              {claim{"slow", "1Gi", "1Gi", true, false}, "slow", "1024Mi", nil},
		"the default's class":                       {claim{"slow", "1Gi", "1Gi", false, false}, "", "1Gi", nil},
		"the default has changed since":             {claim{"old", "1Gi", "1Gi", false, false}, "", "1Gi", nil},
		"the class that it has is named":            {claim{"slow", "1Gi", "1Gi", false, false}, "slow", "1Gi", nil},
		"its class is gone from the cluster":        {claim{"gone", "1Gi", "1Gi", true, false}, "gone", "1Gi", nil},
		"another class":                             {claim{"slow", "1Gi", "1Gi", true, false}, "fast", "1Gi", []string{`storageClass "fast"`, `StorageClass "slow"`, `set it to "slow"`, "delete pvc"}},
		"another class than the default's":          {claim{"slow", "1Gi", "1Gi", false, false}, "fast", "1Gi", []string{`storageClass "fast"`, `StorageClass "slow"`}},
		"the class is not named any more":           {claim{"fast", "1Gi", "1Gi", true, false}, "", "1Gi", []string{`storageClass ""`, `StorageClass "fast"`, `set it to "fast"`}},
		"no class yet":                              {claim{"", "1Gi", "", false, true}, "fast", "1Gi", nil},
		"shrink":                                    {claim{"fast", "2Gi", "2Gi", true, false}, "fast", "1Gi", []string{"size 1Gi", "has 2Gi", "shrink", "set it to 2Gi"}},
		"smaller than the volume is":                {claim{"fast", "3Gi", "2Gi", true, false}, "fast", "2Gi", []string{"size 2Gi", "has 2Gi", "shrink"}},
		"an expansion that failed is taken back":    {claim{"fast", "3Gi", "1Gi", true, false}, "fast", "2Gi", nil},
		"larger, where the class can":               {claim{"fast", "1Gi", "1Gi", true, false}, "fast", "2Gi", nil},
		"larger, where the class can't":             {claim{"slow", "1Gi", "1Gi", true, false}, "slow", "2Gi", []string{"size 2Gi", "has 1Gi", `"slow"`, "no allowVolumeExpansion", "set it to 1Gi"}},
		"larger, where the class does not say":      {claim{"old", "1Gi", "1Gi", true, false}, "old", "1025Mi", []string{"size 1025Mi", `"old"`, "allowVolumeExpansion"}},
		"larger, of a class that is gone":           {claim{"gone", "1Gi", "1Gi", true, false}, "gone", "2Gi", []string{`"gone"`, "allowVolumeExpansion"}},
		"larger than asked, a volume that has room": {claim{"slow", "1Gi", "2Gi", true, false}, "slow", "2Gi", []string{"allowVolumeExpansion"}},
		"larger, bound by hand":                     {claim{"", "1Gi", "1Gi", false, false}, "", "2Gi", []string{"allowVolumeExpansion"}},
		"larger, before it is bound":                {claim{"fast", "1Gi", "", true, true}, "fast", "2Gi", []string{"size 2Gi", "requests 1Gi", "Pending", "set it to 1Gi"}},
		"smaller, before it is bound":               {claim{"fast", "2Gi", "", true, true}, "fast", "1Gi", []string{"requests 2Gi", "Pending"}},
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
			}
		})
	}
}

func TestAllThatIsWrongWithVolumesIsListed(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	cluster.objects[storageClasses] = classList
	cluster.objects[redisClaim] = claim{"slow", "2Gi", "2Gi", true, false}.json("redis")
	c := stack(newRegistry(t, "http", loopback).address())
	c.Namespace = "shop"
	c.Redis.Persistence = config.Persistence{Enabled: true, Volume: config.Volume{Size: "1Gi", StorageClass: "fast"}}
	c.Database = config.Database{Embedded: true, Volume: config.Volume{Size: "1Gi", StorageClass: "quick"}}
	refused(t, c, 3, "redis.persistence.storageClass", "redis.persistence.size", "database.volume.storageClass")
}

// Without a readFacts at the claim, whether its data are safe is not known.
func TestClaimsThatCanNotBeReadAreNamed(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	cluster.objects[storageClasses], cluster.objects[redisClaim] = classList, ""
	c := stack(newRegistry(t, "http", loopback).address())
	c.Namespace = "shop"
	c.Redis.Persistence = config.Persistence{Enabled: true, Volume: config.Volume{Size: "1Gi"}}
	refused(t, c, 1, "redis.persistence", "shop/redis", "not for you", "verb get", cluster.URL)
}

// Where classes can't be listed, whether one can grow is for the cluster to say.
func TestClassesThatCanNotBeListed(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	cluster.objects[storageClasses], cluster.objects[redisClaim] = "", claim{"slow", "1Gi", "1Gi", true, false}.json("redis")
	c := stack(newRegistry(t, "http", loopback).address())
	c.Namespace = "shop"
	c.Redis.Persistence = config.Persistence{Enabled: true, Volume: config.Volume{Size: "2Gi", StorageClass: "slow"}}
	accepted(t, c)
	c.Redis.Persistence.Size = "500Mi"
	refused(t, c, 1, "shrink")
}
