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

// The volume of the backups has no Deployment to stop.
func TestVolumeOfBackups(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	cluster.objects[storageClasses] = `{"kind":"StorageClassList","apiVersion":"storage.k8s.io/v1","items":[{"metadata": {"name": "slow"}}]}`
	c := stack(newRegistry(t, "http", loopback).address())
	c.Backup = config.Backup{Enabled: true, Volume: config.Volume{Size: "1Gi", StorageClass: "nfs"}}
	refused(t, c, 1, `backup.volume.storageClass "nfs"`, "no such StorageClass")
	c.Backup.Volume.StorageClass = "slow"
	accepted(t, c)
	c.Backup.Enabled, c.Backup.Volume.StorageClass = false, "nfs"
	accepted(t, c)
}

// A Job would wait for a missing claim until its deadline.
func TestClaimOfBackupsMustExist(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	cluster.objects[storageClasses] = `{"kind":"StorageClassList","apiVersion":"storage.k8s.io/v1","items":[]}`
	c := stack(newRegistry(t, "http", loopback).address())
	c.Namespace, c.Backup = "hankki", config.Backup{Enabled: true, ClaimName: "nfs-backups"}
	refused(t, c, 1, "backup.claimName nfs-backups", "in the namespace "+c.Namespace, cluster.URL)
	cluster.objects["/api/v1/namespaces/"+c.Namespace+"/persistentvolumeclaims/nfs-backups"] = `{"kind":"PersistentVolumeClaim","apiVersion":"v1","metadata":{"name":"nfs-backups"}}`
	accepted(t, c)
}
