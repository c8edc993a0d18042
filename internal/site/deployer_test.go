package site

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"hankki/components"
)

// right is the permission for one verb on one resource: "verb group/resource".
type right string

func rightTo(verb, group, resource string) right { return right(verb + " " + group + "/" + resource) }

// rightsOf lists the rights of rules.
func rightsOf(rules []components.Rule) map[right]bool {
	all := map[right]bool{}
	for _, r := range rules {
		for _, resource := range r.Resources {
			for _, verb := range r.Verbs {
				all[rightTo(verb, r.Group, resource)] = true
			}
		}
	}
	return all
}

// asSite is the stack as a site of a platform.
func (s settings) asSite() settings {
	s.values = maps.Clone(s.values)
	delete(s.values, "metallb")
	delete(s.values, "metricsServer")
	return s.set("role", "site")
}

// asPlatform is a stack with the role platform and two sites.
func asPlatform() settings {
	return settings{stack: "platform", values: map[string]any{
		"role": "platform", "metallb": map[string]any{"addresses": []any{"10.0.0.3-10.0.0.254"}},
		"sites": []any{map[string]any{"name": "shop"}, map[string]any{"name": "bakery", "namespace": "sweets"}},
	}}
}

// Paths and objects of the platform that a site reads.
const (
	poolsPath         = "/apis/metallb.io/v1beta1/ipaddresspools"
	poolOfThePlatform = `{"metadata":{"namespace":"metallb-system","name":"address-pool"},"spec":{"addresses":["10.0.0.3-10.0.0.254"]}}`
	hankkiNamespace   = `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"hankki"}}`
)

// sites are sites with each optional part.
func sites(t *testing.T) map[string]settings {
	withFile, _ := certified(t, host, "10.0.0.3")
	return map[string]settings{
		"all on":           shipped(t, "onprem").allOn().asSite(),
		"external secrets": shipped(t, "onprem").allExternal().asSite(),
		"rotating":         shipped(t, "onprem").rotating().asSite(),
		"embedded":         shipped(t, "dev").set("backup", map[string]any{"enabled": true, "claimName": "nfs"}).asSite(),
		"backups in S3":    shipped(t, "onprem").inS3("https://s3.example.com").asSite(),
		"images in use":    shipped(t, "onprem").set("images.use", imagesInUse()).asSite(),
		"file":             withFile.asSite(),
		"Secret":           shipped(t, "onprem").https("tls.secretName", "site").asSite(),
		"cert-manager":     shipped(t, "onprem").https("tls.issuer", map[string]any{"kind": "Issuer", "name": "corp"}).asSite(),
		"private":          shipped(t, "onprem").https("tls.generate", true).asSite(),
	}
}

// requests of the Kubernetes plugin (its packages await and informers) and of the command hankki (backup, restore, destroy),
// which these tests do not run.
var otherRequests = []right{
	// The plugin waits for Deployments and Jobs by their ReplicaSets and pods, and logs the events of each object.
	"list apps/replicasets", "watch apps/replicasets", "list /pods", "watch /pods", "list /events", "watch /events",
	"get /pods/log",                       // package await, of a Job that takes too long
	"get /pods/exec", "create /pods/exec", // package backup
}

// The Role of a deployer contains exactly the rights that a site requests: to manage each kind that the program registers, and
// what the program, the plugin and the commands read.
func TestDeployerMayRequestWhatASiteRequests(t *testing.T) {
	want := map[right]bool{}
	for _, s := range sites(t) {
		for _, r := range s.deployed(t).all("") {
			if gvk, ok := kindOf(r); ok {
				resource, _ := meta.UnsafeGuessKindToResource(gvk)
				for _, verb := range []string{"get", "list", "watch", "create", "patch", "delete"} {
					want[rightTo(verb, resource.Group, resource.Resource)] = true
				}
			}
		}
	}
	for _, r := range otherRequests {
		want[r] = true
	}
	cluster := deployedSite(t)
	maps.Copy(want, cluster.allowed["hankki"])
	sorted := func(rights map[right]bool) []right { return slices.Sorted(maps.Keys(rights)) }
	if difference := cmp.Diff(sorted(want), sorted(rightsOf(components.NamespaceRules))); difference != "" {
		t.Errorf("the Role differs from what a site requests (-): %s", difference)
	}
	if difference := cmp.Diff(sorted(cluster.allowed[""]), sorted(rightsOf(components.ClusterRules))); difference != "" {
		t.Errorf("the ClusterRole differs from what a site requests (-): %s", difference)
	}
	if difference := cmp.Diff([]right{
		"get /configmaps", // of kube-proxy
		"list /nodes", "list /persistentvolumes", "list /pods", "list /services", "list apps/daemonsets", "list apps/deployments", "list storage.k8s.io/storageclasses",
	}, sorted(cluster.denied)); difference != "" {
		t.Errorf("the requests that the deployer has no right to differ: %s", difference)
	}
}

// kindOf returns the kind of a Kubernetes object that the program registers.
func kindOf(r registration) (schema.GroupVersionKind, bool) {
	if !strings.HasPrefix(r.typ, "kubernetes:") || r.typ == chartType {
		return schema.GroupVersionKind{}, false
	}
	version, kind, _ := strings.Cut(strings.TrimPrefix(r.typ, "kubernetes:"), ":")
	gv, err := schema.ParseGroupVersion(strings.TrimPrefix(version, "core/"))
	return gv.WithKind(kind), err == nil
}

// A site has no cluster-scoped object, and none outside of its namespace.
func TestSiteStaysInItsNamespace(t *testing.T) {
	for name, s := range sites(t) {
		t.Run(name, func(t *testing.T) {
			for _, r := range s.deployed(t).all("") {
				if _, ok := kindOf(r); ok && at(r.inputs, "metadata.namespace") != "hankki" {
					t.Errorf("%s is in the namespace %v", r.urn, at(r.inputs, "metadata.namespace"))
				}
			}
		})
	}
}

// restricted is a cluster that grants the rights of a deployer in the namespace hankki.
type restricted struct {
	*kitchen
	allowed map[string]map[right]bool // requests by namespace, which is empty for ClusterRules
	denied  map[right]bool
}

// may checks a request as Kubernetes does for a Role and a ClusterRole.
func (k *restricted) may(r *http.Request) bool {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	group := ""
	switch {
	case parts[0] == "api" && len(parts) > 2:
		parts = parts[2:]
	case parts[0] == "apis" && len(parts) > 3:
		group, parts = parts[1], parts[3:]
	default:
		return true // discovery
	}
	namespace := ""
	if parts[0] == "namespaces" && len(parts) > 1 {
		namespace = parts[1] // also of the Namespace itself
		if len(parts) > 2 {
			parts = parts[2:]
		}
	}
	verb, resource, object := map[string]string{http.MethodGet: "get", http.MethodPatch: "patch"}[r.Method], parts[0], ""
	switch {
	case len(parts) > 2:
		resource += "/" + parts[2]
		object = parts[1]
	case len(parts) > 1:
		object = parts[1]
	case r.Method == http.MethodGet:
		verb = "list"
	}
	requested := rightTo(verb, group, resource)
	if namespace == "hankki" && rightsOf(components.NamespaceRules)[requested] {
		k.allowed["hankki"][requested] = true
		return true
	}
	for _, rule := range components.ClusterRules {
		if rightsOf([]components.Rule{rule})[requested] && (rule.Names == nil || slices.Contains(rule.Names, object)) {
			k.allowed[""][requested] = true
			return true
		}
	}
	k.denied[requested] = true
	return false
}

// deployedSite is the cluster after a deployer has deployed a site with all optional parts.
func deployedSite(t *testing.T) *restricted {
	t.Helper()
	k := &restricted{newKitchen(t), map[string]map[right]bool{"hankki": {}, "": {}}, map[right]bool{}}
	k.kitchen.may = k.may
	k.lists = map[string]string{poolsPath: poolOfThePlatform}
	const certManager = "/apis/cert-manager.io/v1"
	k.bodies = map[string]string{
		ourNamespace:                     hankkiNamespace,
		"/apis/monitoring.coreos.com/v1": "{}",
		certManager:                      "{}",
		certManager + "/namespaces/hankki/issuers/corp":                                                        `{"status":{}}`,
		certManager + "/namespaces/hankki/certificates/" + certificateSecret("issued", "10.0.0.4", "10.0.0.3"): `{"status":{"conditions":[{"type":"Ready","status":"True"}]}}`,
	}
	e := &engine{}
	s := k.stack(t).allOn().https("tls.issuer", map[string]any{"kind": "Issuer", "name": "corp"}).asSite()
	if err := s.whole(e); err != nil {
		t.Fatalf("the deployer can't deploy the site: %v", err)
	}
	e.one(t, deploymentType, "frontend")
	return k
}

// Without the platform's stack, or with another kubeconfig, the error names what is missing, and nothing else.
func TestSiteNeedsItsNamespace(t *testing.T) {
	for name, row := range map[string]struct {
		refuses string
		body    string
		want    []string
	}{
		"no namespace":                {"", "", []string{`namespace "hankki"`, "has no such namespace", "hankki:sites", "kubeconfigs"}},
		"the deployer of another one": {ourNamespace, "", []string{`namespace "hankki"`, "has no rights in it", "hankki:sites", "kubeconfigs"}},
		"a namespace being deleted":   {"", `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"hankki","deletionTimestamp":"2026-01-01T00:00:00Z"}}`, []string{`namespace "hankki" is being deleted`}},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, e := newKitchen(t), &engine{}
			cluster.refuses, cluster.bodies = row.refuses, map[string]string{ourNamespace: row.body}
			err := cluster.stack(t).asSite().whole(e)
			expectRefusal(t, e, err, row.want)
			if lines := strings.Split(strings.TrimSpace(err.Error()), "\n"); len(lines) != 3 { // two are of the engine and of the stack
				t.Errorf("the error has %d lines:\n%v", len(lines), err)
			}
		})
	}
}

// An address must be in a pool of the platform.
func TestSiteNeedsAnAddressOfAPool(t *testing.T) {
	cluster, e := newKitchen(t), &engine{}
	cluster.bodies = map[string]string{ourNamespace: hankkiNamespace}
	cluster.lists = map[string]string{poolsPath: `{"metadata":{"namespace":"metallb-system","name":"address-pool"},"spec":{"addresses":["10.0.0.4-10.0.0.254"]}}`}
	expectRefusal(t, e, cluster.stack(t).asSite().whole(e), []string{
		"backend.loadBalancerIP 10.0.0.3: no IPAddressPool of the cluster contains this address (IPAddressPool metallb-system/address-pool (10.0.0.4-10.0.0.254))", "platform's stack",
	})
}

// A role under which an update would delete the platform or the site is refused.
func TestRoleOfADeployedStackStays(t *testing.T) {
	redis := has(redisType, "redis", object("v1", "Service", "hankki", "redis"))
	pool := has("hankki:components:MetalLB$kubernetes:metallb.io/v1beta1:IPAddressPool", "address-pool", object("metallb.io/v1beta1", "IPAddressPool", "metallb-system", "address-pool"))
	metrics := has("hankki:components:MetricsServer$kubernetes:helm.sh/v4:Chart$kubernetes:core/v1:Service", "metrics-server", object("v1", "Service", "kube-system", "metrics-server"))
	role := has("hankki:components:Deployers$kubernetes:rbac.authorization.k8s.io/v1:Role", "shop-deployer", object("rbac.authorization.k8s.io/v1", "Role", "shop", "deployer"))
	none := has("hankki:components:MetalLB", "metallb", nil) // of metallb.manage none
	both := maps.Clone(pool)
	maps.Copy(both, metrics)
	for name, row := range map[string]struct {
		s     settings
		state map[string]any
		want  []string
	}{
		"all → platform":      {asPlatform(), redis, []string{`role "platform": this stack has deployed Redis`, "restore hankki:role", "Split a stack"}},
		"all → site":          {shipped(t, "onprem").asSite(), both, []string{`role "site": this stack has deployed MetalLB, metrics-server`, "restore hankki:role", "Split a stack"}},
		"platform → all":      {shipped(t, "onprem"), role, []string{`role "all": this stack has deployed the deployers of sites`}},
		"platform → site":     {shipped(t, "onprem").asSite(), role, []string{"the deployers of sites"}},
		"site, no MetalLB":    {shipped(t, "onprem").asSite(), none, nil},
		"platform, unchanged": {asPlatform(), role, nil},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, e := newKitchen(t), &engine{state: row.state}
			cluster.bodies = map[string]string{ourNamespace: hankkiNamespace}
			cluster.lists = map[string]string{poolsPath: poolOfThePlatform, "/api/v1/namespaces": ""}
			s := row.s
			s.stack = "onprem"
			if s.values["role"] == "platform" {
				s = s.set("metallb.chart.path", t.TempDir())
			} else {
				s = s.set("registry.server", cluster.registry)
			}
			if s.values["role"] == nil {
				s = s.set("metallb.chart.path", t.TempDir())
			}
			err := s.whole(e)
			if row.want != nil {
				expectRefusal(t, e, err, row.want)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

// The platform's update is refused if a deployed site would lose its deployer.
func TestSiteOfThePlatformStays(t *testing.T) {
	namespace := has("hankki:components:Deployers$kubernetes:core/v1:Namespace", "kitchen", object("v1", "Namespace", "", "kitchen"))
	for name, row := range map[string]struct {
		deployments string
		want        []string
	}{
		"deployed":  {`{"metadata":{"namespace":"kitchen","name":"backend"}}`, []string{"sites no longer names the namespace kitchen, but Deployment kitchen/backend runs in it"}},
		"destroyed": {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, e := newKitchen(t), &engine{state: namespace}
			cluster.lists = map[string]string{
				"/api/v1/namespaces":                           `{"metadata":{"name":"kitchen"}},{"metadata":{"name":"shop"}},{"metadata":{"name":"default"}}`,
				"/apis/apps/v1/namespaces/kitchen/deployments": row.deployments,
				"/apis/apps/v1/namespaces/default/deployments": `{"metadata":{"namespace":"default","name":"web"}}`,
			}
			s := asPlatform().set("metallb.chart.path", t.TempDir())
			s.stack = "onprem"
			err := s.whole(e)
			if row.want != nil {
				expectRefusal(t, e, err, row.want)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

// The namespaces of sites enforce Pod Security, and each deployer is bound to its own.
func TestPlatformCreatesDeployers(t *testing.T) {
	e := asPlatform().deployed(t)
	for _, namespace := range []string{"shop", "sweets"} {
		labels, _ := at(e.one(t, namespaceType, namespace).inputs, "metadata.labels").(map[string]any)
		if labels["pod-security.kubernetes.io/enforce"] != "restricted" {
			t.Errorf("the namespace %s has the labels %v", namespace, labels)
		}
		match(t, e.one(t, "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", namespace+"-deployer"), map[string]any{
			"metadata.namespace": namespace, "roleRef.kind": "Role", "roleRef.name": "deployer",
			"subjects.0.kind": "ServiceAccount", "subjects.0.name": "deployer", "subjects.0.namespace": namespace,
		})
		match(t, e.one(t, secretType, namespace+"-deployer-token"), map[string]any{
			"metadata.namespace": namespace, "type": "kubernetes.io/service-account-token", "metadata.annotations": map[string]any{"kubernetes.io/service-account.name": "deployer"},
		})
	}
	binding := e.one(t, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "hankki-deployer")
	var subjects []string
	for _, subject := range list(binding, "subjects") {
		subjects = append(subjects, fmt.Sprint(at(subject, "namespace"), "/", at(subject, "name")))
	}
	if !slices.Equal(subjects, []string{"shop/deployer", "sweets/deployer"}) {
		t.Errorf("the subjects of the ClusterRoleBinding are %v", subjects)
	}
	for _, r := range e.all("") {
		for _, part := range []string{components.RedisType, components.BackendType, components.FrontendType, components.ImageType, components.NamespaceType} {
			if r.typ == part {
				t.Errorf("the platform has %s", r.urn)
			}
		}
	}
}
