package deletion

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"hankki/internal/cluster"
	"hankki/internal/clustertest"
)

var deploymentKind = schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"}

// Each kind of stuck deletion is explained with the object that blocks it and the command that resolves it.
func TestExplain(t *testing.T) {
	past := time.Now().Add(-time.Minute).UTC().Format(time.RFC3339)
	deployment := cluster.Object{Kind: deploymentKind, Namespace: "hankki", Name: "backend"}
	const (
		ownedByDeployment = `ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: backend, uid: d}]`
		ownedBySet        = `ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: backend-1, uid: r}]`
	)
	waiting := `
apiVersion: apps/v1
kind: Deployment
metadata: {namespace: hankki, name: backend, uid: d, deletionTimestamp: PAST, finalizers: [foregroundDeletion]}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {namespace: hankki, name: backend-1, uid: r, deletionTimestamp: PAST, finalizers: [foregroundDeletion], ` + ownedByDeployment + `}
---
apiVersion: v1
kind: Pod
metadata: {namespace: hankki, name: backend-1-a, uid: p, deletionTimestamp: PAST, ` + ownedBySet + `}
spec: {nodeName: w1}
---
`
	for name, c := range map[string]struct {
		manifests string
		object    cluster.Object
		want      []string
		not       string
	}{
		"a finalizer on a Deployment": {`
apiVersion: apps/v1
kind: Deployment
metadata: {namespace: hankki, name: backend, deletionTimestamp: PAST, finalizers: [foregroundDeletion, example.com/backup]}
`, deployment, []string{"finalizer example.com/backup", "kubectl patch -n hankki Deployment.v1.apps/backend"}, "foregroundDeletion"},
		"a finalizer on a Service": {`
apiVersion: v1
kind: Service
metadata: {namespace: hankki, name: frontend, deletionTimestamp: PAST, finalizers: [service.kubernetes.io/load-balancer-cleanup]}
`, cluster.Object{Kind: cluster.ServiceKind, Namespace: "hankki", Name: "frontend"},
			[]string{"finalizer service.kubernetes.io/load-balancer-cleanup", "kubectl patch -n hankki Service/frontend"}, ""},
		"a finalizer on a ReplicaSet of a Deployment": {waiting + `
apiVersion: apps/v1
kind: ReplicaSet
metadata: {namespace: hankki, name: backend-2, uid: q, deletionTimestamp: PAST, finalizers: [example.com/audit], ` + ownedByDeployment + `}
`, deployment, []string{"ReplicaSet hankki/backend-2 has the finalizer example.com/audit"}, ""},
		"a pod on an unreachable node": {waiting + `
apiVersion: v1
kind: Node
metadata: {name: w1}
status: {conditions: [{type: Ready, status: Unknown}]}
`, deployment, []string{"Pod hankki/backend-1-a should have stopped", "its node w1 does not respond", "kubectl taint node w1 node.kubernetes.io/out-of-service"}, "garbage collector"},
		"a pod on a removed node": {waiting, deployment,
			[]string{"its node w1 is no longer in the cluster", "kubectl delete -n hankki Pod/backend-1-a --force"}, ""},
		"a pod that does not stop": {waiting + `
apiVersion: v1
kind: Node
metadata: {name: w1}
status: {conditions: [{type: Ready, status: "True"}]}
`, deployment, []string{"still runs on node w1", "kubectl describe -n hankki Pod/backend-1-a"}, ""},
		"a namespace that contains an object with a finalizer": {`
apiVersion: v1
kind: Namespace
metadata: {name: hankki, deletionTimestamp: PAST}
spec: {finalizers: [kubernetes]}
status:
  conditions:
    - {type: NamespaceContentRemaining, status: "True", reason: SomeResourcesRemain, message: configmaps. has 1 resource instances}
    - {type: NamespaceFinalizersRemaining, status: "True", reason: SomeFinalizersRemain, message: example.com/hold in 1 resource instances}
    - {type: NamespaceDeletionDiscoveryFailure, status: "False", reason: ResourcesDiscovered, message: all found}
`, cluster.Object{Kind: cluster.NamespaceKind, Name: "hankki"}, []string{"configmaps. has 1", "example.com/hold in 1"}, "all found"},
		"a namespace while an API does not respond": {`
apiVersion: v1
kind: Namespace
metadata: {name: hankki, deletionTimestamp: PAST}
status:
  conditions: [{type: NamespaceDeletionDiscoveryFailure, status: "True", reason: DiscoveryFailed, message: metrics.k8s.io/v1beta1}]
`, cluster.Object{Kind: cluster.NamespaceKind, Name: "hankki"}, []string{"metrics.k8s.io/v1beta1", "kubectl get apiservices"}, ""},
		"a claim used by a pod": {`
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {namespace: hankki, name: redis, deletionTimestamp: PAST, finalizers: [kubernetes.io/pvc-protection]}
---
apiVersion: v1
kind: Pod
metadata: {namespace: hankki, name: backup}
spec: {volumes: [{name: x, emptyDir: {}}, {name: data, persistentVolumeClaim: {claimName: redis}}]}
`, cluster.Object{Kind: cluster.ClaimKind, Namespace: "hankki", Name: "redis"}, []string{"Pod hankki/backup uses it"}, "pvc-protection"},
		"no known reason": {`
apiVersion: v1
kind: Service
metadata: {namespace: hankki, name: frontend, deletionTimestamp: PAST}
`, cluster.Object{Kind: cluster.ServiceKind, Namespace: "hankki", Name: "frontend"}, []string{"garbage collector"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := clustertest.New(t, strings.ReplaceAll(c.manifests, "PAST", past))
			reasons, err := explain(t.Context(), client, c.object)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(reasons, "\n")
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("the reasons lack %q:\n%s", want, got)
				}
			}
			if c.not != "" && strings.Contains(got, c.not) {
				t.Errorf("the reasons contain %q:\n%s", c.not, got)
			}
		})
	}
}
