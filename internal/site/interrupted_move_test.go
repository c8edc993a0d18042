package site

import (
	"fmt"
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/config"
)

// `hankki move` runs a preview to check whether the stack could be deployed in another namespace. The same switch moves
// nothing in an up.
func TestMoveIsOnlyPreviewed(t *testing.T) {
	const kitchen = "/api/v1/namespaces/kitchen"
	byHand := map[string]any{"managedFields": []any{map[string]any{"manager": "kubectl-create"}}}
	terminating := map[string]any{"deletionTimestamp": "2026-01-02T03:04:05Z", "finalizers": []any{"kubernetes"}, "annotations": owned("1", "hankki/onprem")["annotations"]}
	moved := []string{"namespace hankki, now kitchen in the configuration"}
	for name, row := range map[string]struct {
		objects map[string]map[string]any
		refuses string
		preview bool
		key     string // hankki:namespace; empty: hankki
		want    []string
	}{
		"no conflict":                          {preview: true},
		"foreign namespace":                    {objects: map[string]map[string]any{kitchen: byHand}, preview: true, want: []string{"Namespace kitchen: written by kubectl-create", "make adopt"}},
		"terminating namespace":                {objects: map[string]map[string]any{kitchen: terminating}, preview: true, want: []string{"Namespace kitchen, since 2026-01-02 03:04:05 UTC, which waits for kubernetes"}},
		"missing permission in the namespace":  {refuses: kitchen + "/services/redis", preview: true, want: []string{"Service kitchen/redis: the user of the kubeconfig lacks the permission `get`"}},
		"an up ignores the move":               {},
		"an up with a changed key is rejected": {key: "kitchen", want: moved},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := newKitchen(t)
			cluster.refuses = row.refuses
			maps.Copy(cluster.objects, row.objects)
			runFor(t, config.Command{Move: "kitchen"})
			e := &engine{state: has(redisType, "redis", object("v1", "Service", "hankki", "redis"))}
			s := cluster.stack(t)
			if row.key != "" {
				s = s.set("namespace", row.key)
			}
			e.stack = s.stack
			err := pulumi.RunErr(Run, pulumi.WithMocks("hankki", s.stack, e), s.asPulumiDoes, func(info *pulumi.RunInfo) { info.DryRun = row.preview })
			expectRefusal(t, e, err, row.want)
			if len(row.want) > 0 {
				return
			}
			want := map[bool]string{true: "kitchen", false: "hankki"}[row.preview]
			if e.one(t, namespaceType, want).inputs == nil {
				t.Errorf("the stack is not deployed in %s", want)
			}
		})
	}
}

// While a move has the stack's data in another place, an up must not silently create new empty volumes.
func TestUpDuringMoveIsRejected(t *testing.T) {
	const volumes = "/api/v1/persistentvolumes"
	volume := func(annotations, claim, phase string) string {
		return fmt.Sprintf(`{"metadata":{"name":"pv-1","annotations":{%s}},"spec":{"claimRef":{%s,"name":"postgres"}},"status":{"phase":%q}}`, annotations, claim, phase)
	}
	const ours, kept = `"hankki/owner":"hankki/onprem"`, `"hankki/owner":"hankki/onprem","hankki/reclaim-policy":"Delete"`
	refused := []string{"PersistentVolume pv-1 holds the data of PersistentVolumeClaim postgres", "`make move STACK=onprem TO=NAMESPACE` continues it",
		"TO=hankki restores the site", "`kubectl annotate pv pv-1 hankki/owner-`"}
	for name, row := range map[string]struct {
		volume string
		want   []string
	}{
		"deleted claim":                     {volume(kept, `"namespace":"hankki","uid":"1"`, "Released"), refused},
		"reserved elsewhere":                {volume(ours, `"namespace":"kitchen"`, "Available"), refused},
		"existing claim":                    {volume(kept, `"namespace":"hankki","uid":"1"`, "Bound"), nil},
		"reserved here":                     {volume(ours, `"namespace":"hankki"`, "Available"), nil},
		"completed move":                    {volume(ours, `"namespace":"hankki","uid":"2"`, "Bound"), nil},
		"of a destroyed stack of this name": {volume(ours, `"namespace":"kitchen","uid":"2"`, "Released"), nil},
		"another stack's":                   {volume(`"hankki/owner":"hankki/dev"`, `"namespace":"kitchen"`, "Available"), nil},
		"no owner":                          {`{"metadata":{"name":"pv-1"},"spec":{},"status":{"phase":"Available"}}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, e := newKitchen(t), &engine{}
			cluster.lists = map[string]string{volumes: row.volume}
			expectRefusal(t, e, cluster.stack(t).whole(e), row.want)
		})
	}
}

// Changes to terminating objects would be lost with them.
func TestTerminatingObjectsAreRejected(t *testing.T) {
	goes := func(finalizers ...any) map[string]any {
		return map[string]any{"deletionTimestamp": "2026-01-02T03:04:05Z", "finalizers": finalizers, "annotations": owned("by-name", "hankki/onprem")["annotations"]}
	}
	cluster, e := newKitchen(t), &engine{}
	cluster.objects[ourNamespace], cluster.objects[redisService] = goes("kubernetes"), goes()
	cluster.objects["/api/v1/namespaces/hankki/persistentvolumeclaims/redis"] = goes("kubernetes.io/pvc-protection")
	expectRefusal(t, e, cluster.stack(t).set("redis.persistence.enabled", true).set("redis.persistence.size", "1Gi").whole(e), []string{
		"Namespace hankki, since 2026-01-02 03:04:05 UTC, which waits for kubernetes\n", "Service hankki/redis, since 2026-01-02 03:04:05 UTC\n",
		"PersistentVolumeClaim hankki/redis, since 2026-01-02 03:04:05 UTC, which waits for kubernetes.io/pvc-protection; its data are deleted once",
		"wait until they are deleted",
	})
}
