package preflight_test

import (
	"net/http"
	"testing"

	"hankki/internal/config"
)

const storageClasses = "/apis/storage.k8s.io/v1/storageclasses"

func TestVolumesNeedAStorageClass(t *testing.T) {
	const none, slow, fast = `[]`, `[{"metadata": {"name": "slow"}}]`, `[{"metadata": {"name": "slow"}}, {"metadata": {"name": "fast", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}}]`
	for name, row := range map[string]struct {
		classes, redis, database string
		wrong                    int
		messages                 []string
	}{
		"the default":              {fast, "", "", 0, nil},
		"by name":                  {slow, "slow", "slow", 0, nil},
		"no class":                 {none, "", "", 2, []string{`redis.persistence.storageClass ""`, `database.volume.storageClass ""`, "no default StorageClass", "kubectl get storageclass"}},
		"no default":               {slow, "slow", "", 1, []string{`database.volume.storageClass ""`, "no default StorageClass"}},
		"unknown class":            {fast, "quick", "", 1, []string{`redis.persistence.storageClass "quick"`, "no such StorageClass"}},
		"classes cannot be listed": {"", "quick", "", 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := newCluster(t, http.StatusOK)
			cluster.objects[storageClasses] = row.classes
			if row.classes != "" {
				cluster.objects[storageClasses] = `{"kind":"StorageClassList","apiVersion":"storage.k8s.io/v1","items":` + row.classes + `}`
			}
			c := stack(newRegistry(t, "http", loopback).address())
			c.Redis.Persistence = config.Persistence{Enabled: true, Volume: config.Volume{StorageClass: row.redis}}
			c.Database = config.Database{Embedded: true, Volume: config.Volume{StorageClass: row.database}}
			if row.wrong == 0 {
				accepted(t, c)
			} else {
				refused(t, c, row.wrong, append(row.messages, cluster.URL)...)
			}
		})
	}
}
