package guardrails

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"hankki/internal/manifest"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// read parses manifests. Those with "retained: true" are retained.
func read(t *testing.T, text string) (all []manifest.Resource) {
	t.Helper()
	for document := range strings.SplitSeq(text, "---\n") {
		if strings.TrimSpace(document) == "" {
			continue
		}
		object := map[string]any{}
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			t.Fatal(err)
		}
		retained := object["retained"] == true
		delete(object, "retained")
		all = append(all, manifest.Resource{URN: "urn", Retained: retained, Object: object})
	}
	return all
}

const (
	claim     = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: redis, namespace: hankki}\nspec: {storageClassName: fast}\n"
	pool      = "---\napiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {name: pool, namespace: metallb-system}\nspec: {addresses: [10.0.0.3-10.0.0.9]}\n"
	service   = "---\napiVersion: v1\nkind: Service\nmetadata: {name: backend, namespace: hankki, annotations: {metallb.io/loadBalancerIPs: 10.0.0.3}}\nspec: {type: LoadBalancer}\n"
	budget    = "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: api, namespace: hankki}\nspec: {maxUnavailable: 1, selector: {matchLabels: {app: api}}}\n"
	scaler    = "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: api, namespace: hankki}\nspec: {minReplicas: 1, scaleTargetRef: {kind: Deployment, name: api}}\n"
	api       = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, namespace: hankki}\nspec: {replicas: 5, template: {metadata: {labels: {app: api}}, spec: {containers: [{name: api, image: 'r.example.com/api@sha256:" + sixtyFour + "', env: [{name: MODE, value: a}]}]}}}\n"
	secret    = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: api, namespace: hankki}\ndata: {PASSWORD: '[secret]', EMPTY: ''}\n"
	policy    = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: redis, namespace: hankki}\nspec: {policyTypes: [Ingress, Egress], podSelector: {matchLabels: {app.kubernetes.io/name: redis, app.kubernetes.io/part-of: hankki}}, ingress: [{from: [{podSelector: {matchLabels: {app.kubernetes.io/name: backend, app.kubernetes.io/part-of: hankki}}}], ports: [{port: 6379, protocol: TCP}]}]}\n"
	sixtyFour = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

// cronJob connects to PostgreSQL at 10.0.0.2; route allows its pods to.
func cronJob(name string) string {
	return "---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: " + name + ", namespace: hankki}\nspec: {jobTemplate: {spec: {template: {metadata: {labels: {app.kubernetes.io/name: " + name +
		"}}, spec: {containers: [{name: a, image: 'r.example.com/postgres:15', env: [{name: PGHOST, value: 10.0.0.2}, {name: PGPORT, value: '5432'}]}]}}}}}\n"
}

func route(app string) string {
	return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: x, namespace: hankki}\nspec: {policyTypes: [Ingress, Egress], podSelector: {matchLabels: {app.kubernetes.io/name: " + app +
		", app.kubernetes.io/part-of: hankki}}, egress: [{to: [{ipBlock: {cidr: 10.0.0.2/32}}], ports: [{port: 5432, protocol: TCP}]}]}\n"
}

// inS3 is a CronJob whose store is a bucket, and toBucket the network policy to it.
func inS3(job string) string {
	return swap(job, "env: [", "env: [{name: RCLONE_S3_ENDPOINT, value: 'https://10.0.0.9:9000'}, ")
}

func toBucket(app string) string { return swap(route(app), "10.0.0.2", "10.0.0.9", "5432", "9000") }

func swap(text string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(text) }

func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		rule, before, after string
		want                string // part of the message; empty: no violation
	}{
		"a deleted claim":                               {"keep-data", claim, "", "deleted"},
		"a deleted claim that is retained":              {"keep-data", "retained: true\n" + claim, "", ""},
		"a claim that is no longer retained":            {"keep-data", "retained: true\n" + claim, claim, "no longer be retained"},
		"a replaced claim":                              {"keep-data", claim, swap(claim, "fast", "slow"), "replaced (spec.storageClassName: fast → slow)"},
		"a larger claim":                                {"keep-data", claim, swap(claim, "fast}", "fast, size: 2}"), ""},
		"a deleted namespace":                           {"keep-data", "apiVersion: v1\nkind: Namespace\nmetadata: {name: hankki}\n", "", "everything in it"},
		"a deleted CustomResourceDefinition":            {"keep-data", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n", "", "all objects of the kind"},
		"a deleted ConfigMap":                           {"keep-data", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n", "", ""},
		"an address in the pool":                        {"address-in-pool", pool + service, pool + service, ""},
		"a smaller pool":                                {"address-in-pool", pool + service, swap(pool, "0.3-", "0.4-") + service, "no pool would contain its address 10.0.0.3"},
		"a deleted pool":                                {"address-in-pool", pool + service, service, "10.0.0.3"},
		"pools of the cluster":                          {"address-in-pool", service, service, ""},
		"a new Service outside the pool":                {"address-in-pool", pool, pool + swap(service, "10.0.0.3", "10.0.1.3"), "10.0.1.3"},
		"a new address of a Service and a smaller pool": {"address-in-pool", pool + service, swap(pool, "0.3-", "0.4-") + swap(service, "0.0.3", "0.0.5"), "change the Service first"},
		"a deleted Service":                             {"address-in-pool", pool + service, swap(pool, "0.3-", "0.4-"), ""},
		"fewer replicas, above the budget":              {"replicas-above-budget", api + budget, swap(api, "5", "2") + budget, ""},
		"one replica, and a deleted budget":             {"replicas-above-budget", api + budget, swap(api, "replicas: 5", "replicas: 1"), "5 → 1 replicas"},
		"a budget that allows all evictions":            {"replicas-above-budget", api + budget, swap(api, "replicas: 5", "replicas: 1") + budget, "all its replicas (1) at once"},
		"a percentage as budget":                        {"replicas-above-budget", api + budget, api + swap(budget, "maxUnavailable: 1", "maxUnavailable: 100%"), "all its replicas (5) at once"},
		"a budget above the replicas":                   {"replicas-above-budget", api, api + swap(budget, "maxUnavailable: 1", "minAvailable: 6"), "requires 6 replicas, and it has 5"},
		"an autoscaler with minReplicas 1":              {"replicas-above-budget", api + budget, api + budget + scaler, "all its replicas (1) at once"},
		"an image by digest":                            {"image-by-digest", "", api, ""},
		"an image by tag":                               {"image-by-digest", "", swap(api, "@sha256:"+sixtyFour, ":1.2"), "r.example.com/api:1.2"},
		"an image of an init container":                 {"image-by-digest", "", swap(api, "{containers:", "{initContainers: [{name: init, image: x}], containers:"), "container init"},
		"an image of a CronJob":                         {"image-by-digest", "", cronJob("nightly"), "r.example.com/postgres:15"},
		"an image that is not built yet":                {"image-by-digest", "", swap(api, "r.example.com/api@sha256:"+sixtyFour, "[unknown]"), ""},
		"a Secret with secret values":                   {"no-plain-secret", "", secret, ""},
		"a Secret in plain text":                        {"no-plain-secret", "", swap(secret, "[secret]", "dG9tYXRv"), "data[PASSWORD]"},
		"a password in a variable":                      {"no-plain-secret", "", swap(api, "MODE, value: a", "REDIS_PASSWORD, value: tomato"), "REDIS_PASSWORD"},
		"a password in a variable of a CronJob":         {"no-plain-secret", "", swap(cronJob("nightly"), "PGPORT, value: '5432'", "PGPASSWORD, value: tomato"), "PGPASSWORD"},
		"a secret outside a Secret":                     {"no-plain-secret", "", swap(api, "MODE, value: a", "MODE, value: '[secret]'"), "is a secret"},
		"a password in a URL":                           {"no-plain-secret", "", swap(api, "MODE, value: a", "URL, value: 'postgres://u:tomato@db/x'"), "password in a URL"},
		"a password with a $ in a URL":                  {"no-plain-secret", "", swap(api, "MODE, value: a", "URL, value: 'redis://u:$ecret@db'"), "password in a URL"},
		"a password with a % in a URL":                  {"no-plain-secret", "", swap(api, "MODE, value: a", "URL, value: 'postgres://u:p%ss@db'"), "password in a URL"},
		"a password with a # in a URL":                  {"no-plain-secret", "", swap(api, "MODE, value: a", "URL, value: 'redis://:p#ss@h'"), "password in a URL"},
		"a password with a / in a URL":                  {"no-plain-secret", "", swap(api, "MODE, value: a", "URL, value: 'redis://:p/s@h'"), "password in a URL"},
		"a password from a variable in a URL":           {"no-plain-secret", "", swap(api, "MODE, value: a", "URL, value: 'redis://u:$(PASSWORD)@h/0'"), ""},
		"a variable and more as the password":           {"no-plain-secret", "", swap(api, "MODE, value: a", "URL, value: 'redis://u:$(PASSWORD)x@h/0'"), "password in a URL"},
		"a user name without a password in a URL":       {"no-plain-secret", "", swap(api, "MODE, value: a", "URL, value: 'postgres://u@db:5432/x'"), ""},
		"an at sign in the path of a URL":               {"no-plain-secret", "", swap(api, "MODE, value: a", "URL, value: 'http://h:80/@x'"), ""},
		"a password that begins with /":                 {"no-plain-secret", "", swap(api, "MODE, value: a", "REDIS_PASSWORD, value: /Tomato+soup"), "REDIS_PASSWORD"},
		"the path of a file with a password":            {"no-plain-secret", "", swap(api, "MODE, value: a", "REDIS_PASSWORD_FILE, value: /run/secrets/redis"), ""},
		"all of a URL from variables":                   {"no-plain-secret", "", swap(api, "MODE, value: a", "URL, value: 'redis://$(USER):$(PASSWORD)@$(HOST):$(PORT)/0'"), ""},
		"a variable without a secret":                   {"no-plain-secret", "", api, ""},
		"a documented connection":                       {"documented-connections-only", "", policy, ""},
		"a connection from anywhere":                    {"documented-connections-only", "", swap(policy, "from: [{podSelector: {matchLabels: {app.kubernetes.io/name: backend, app.kubernetes.io/part-of: hankki}}}], ", ""), "from anywhere to redis, TCP 6379"},
		"a connection to all ports":                     {"documented-connections-only", "", swap(policy, ", ports: [{port: 6379, protocol: TCP}]", ""), "all ports"},
		"a connection to a range of ports":              {"documented-connections-only", "", swap(policy, "port: 6379,", "port: 6379, endPort: 7000,"), "6379-7000"},
		"a connection from all pods":                    {"documented-connections-only", "", swap(policy, "{podSelector: {matchLabels: {app.kubernetes.io/name: backend, app.kubernetes.io/part-of: hankki}}}", "{podSelector: {}}"), "any label"},
		"a connection to the internet":                  {"documented-connections-only", "", swap(policy, "ingress:", "egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}], ingress:"), "to 0.0.0.0/0, TCP 443"},
		"a backup of the database":                      {"documented-connections-only", "", cronJob("backup") + route("backup"), ""},
		"a backup into a bucket":                        {"documented-connections-only", "", inS3(cronJob("backup")) + toBucket("backup"), ""},
		"a backup that connects to another port":        {"documented-connections-only", "", inS3(cronJob("backup")) + swap(toBucket("backup"), "9000", "22"), "from backup to 10.0.0.9, TCP 22"},
		"another Job that connects to a bucket":         {"documented-connections-only", "", inS3(cronJob("nightly")) + toBucket("nightly"), "from nightly to 10.0.0.9, TCP 9000"},
		"another Job that connects to the database":     {"documented-connections-only", "", cronJob("nightly") + route("nightly"), "from nightly to 10.0.0.2, TCP 5432"},
		"pods without a network policy":                 {"documented-connections-only", "", swap(api, "{app: api}", "{app.kubernetes.io/part-of: hankki}"), "no network policy isolates"},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := Check(Change{Before: read(t, c.before), After: read(t, c.after)}, nil)
			if err != nil {
				t.Fatal(err)
			}
			found = slices.DeleteFunc(found, func(v Violation) bool { return v.Rule != c.rule })
			if c.want == "" && len(found) > 0 || c.want != "" && (len(found) != 1 || !strings.Contains(found[0].Message, c.want)) {
				t.Errorf("want %q, got %v", c.want, found)
			}
			accepted, err := Check(Change{Before: read(t, c.before), After: read(t, c.after)}, []Exception{{Rule: c.rule, Of: []string{"*/*/*"}}})
			if err != nil || slices.ContainsFunc(Stops(accepted), func(v Violation) bool { return v.Rule == c.rule }) {
				t.Errorf("an exception does not accept %v (%v)", accepted, err)
			}
		})
	}
}

// The pools of the platform's stack hold the addresses of the sites' stacks. Addresses that they never held belong to another cluster.
func TestAddressOfASite(t *testing.T) {
	for name, row := range map[string]struct{ after, sites, want string }{
		"an address in the pool":          {pool, service, ""},
		"a smaller pool":                  {swap(pool, "0.3-", "0.4-"), service + service, "no pool would contain its address 10.0.0.3"},
		"a deleted pool":                  {"", service, "10.0.0.3"},
		"an address outside of all pools": {swap(pool, "0.3-", "0.4-"), swap(service, "10.0.0.3", "10.0.1.3"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := Check(Change{Before: read(t, pool), After: read(t, row.after), Sites: read(t, row.sites)}, nil)
			if err != nil {
				t.Fatal(err)
			}
			found = slices.DeleteFunc(found, func(v Violation) bool { return v.Rule != "address-in-pool" })
			if row.want == "" && len(found) > 0 || row.want != "" && (len(found) != 1 || !strings.Contains(found[0].Message, row.want)) {
				t.Errorf("want %q, got %v", row.want, found)
			}
		})
	}
}

// Each image of the shipped stacks, and of onprem with all optional features, has a digest or an exception. The exporters have an
// exception.
func TestShippedImagesAreAccepted(t *testing.T) {
	exceptions, err := Exceptions(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	exporters := 0
	for _, stack := range []string{"dev", "onprem", "everything"} {
		t.Run(stack, func(t *testing.T) {
			found, err := Check(Change{After: read(t, testfile.Read(t, "../site/testdata/"+stack+".golden.yaml"))}, exceptions)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range found {
				if v.container == "exporter" {
					exporters++
				}
				if v.Rule == "image-by-digest" && v.Exception == nil {
					t.Error(v)
				}
			}
		})
	}
	if exporters != 3 {
		t.Errorf("%d exporters have no digest, want those of Redis and Nginx and the blackbox exporter", exporters)
	}
}

// An exception for one container does not accept another container of the same object.
func TestExceptionOfOneContainer(t *testing.T) {
	exception := []Exception{{Rule: "image-by-digest", Of: []string{"Deployment/*/api/exporter"}}}
	for container, stops := range map[string]int{"exporter": 0, "api": 1} {
		t.Run(container, func(t *testing.T) {
			object := swap(api, "@sha256:"+sixtyFour, ":1.2", "name: api, image", "name: "+container+", image")
			found, err := Check(Change{After: read(t, object)}, exception)
			if err != nil || len(found) == 0 {
				t.Fatal(found, err)
			}
			if got := Stops(found); len(got) != stops {
				t.Error(got)
			}
		})
	}
}

// A secret in plain text in the stack's file stops the change, whatever its name.
func TestSecretSettings(t *testing.T) {
	found, err := Check(Change{PlainSettings: []string{"hankki:tlsKey"}}, nil)
	if err != nil || len(Stops(found)) != 1 {
		t.Errorf("%v (%v)", found, err)
	}
}

func TestExceptions(t *testing.T) {
	now := time.Date(2027, 1, 31, 23, 0, 0, 0, time.UTC)
	right := "- {rule: keep-data, of: [PersistentVolumeClaim/hankki/redis], because: It is moved., until: '2027-01-31'}\n"
	if _, err := parseExceptions([]byte(right), now); err != nil {
		t.Errorf("on its last day: %v", err)
	}
	_, err := parseExceptions([]byte("- {rule: keep-date, of: [], because: ' ', until: '2027-01-30'}\n- {rule: keep-data, of: ['[x'], because: y, until: tomorrow}\n- {rule: keep-data, of: [x], because: y, until: '2029-01-01'}\n"), now)
	stacktest.CheckError(t, err, `no rule "keep-date"`, "of is missing", "because is missing", "2027-01-30, has passed", "not a valid pattern", `"tomorrow" is not a date`, "more than a year")
	if _, err := parseExceptions([]byte(right+"  owner: x\n"), now); err == nil {
		t.Error("an unknown field is accepted")
	}
	if _, err := Exceptions(time.Now()); err != nil {
		t.Errorf("exceptions of this repository: %v", err)
	}
}
