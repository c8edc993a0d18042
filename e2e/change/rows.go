package change

import (
	"slices"
	"time"
)

// Rows are all rows, in the order of the table. The test makes the changes in the same order, those of the stack onprem
// before those of dev, so that it deploys each stack once.
var Rows = slices.Concat(site, images, lan, tls, tiers, stores, secrets, references)

// moveGap is the longest time that an address or a port may need to move.
const moveGap = 2 * time.Second

// allTiers are those whose images the program builds.
var allTiers = []Tier{API, FrontEnd}

// site are the keys of the stack as a whole.
var site = []Row{
	{
		Keys: []string{"role"}, Change: "another role of a deployed stack",
		Effect:   Effect{Refused: "which this update would delete"},
		ByHand:   "set it back, or split the stack (see Several sites)",
		NotTried: "the stacks of this test have no platform; TestSites (e2e/sites_test.go) changes the role of a site",
	},
	{
		Keys: []string{"sites"}, Change: "one added",
		Effect:   Effect{Also: "its namespace and its deployer are created; site removed: the site's deployer is deleted, and its namespace stays; the removal is refused while the site runs"},
		ByHand:   "give the new kubeconfig of the output `kubeconfigs` to the deployer",
		NotTried: "the stacks of this test have no platform; TestSites (e2e/sites_test.go) deploys two sites, and removes one while it runs",
	},
	{
		Keys: []string{"namespace"}, Change: "another name",
		Effect: Effect{Measured: "0 of 71", Refused: "objects that Kubernetes can't move or rename"},
		ByHand: "set it back and run `make move TO=…` instead: data and sessions stay; the site is down while its pods restart (`make test-outages` moves it there and back)",
		Try:    &Try{Name: "namespace", Stack: "onprem", Set: map[string]string{"namespace": "kitchen"}},
	},
	{
		Keys: []string{"kubeContext"}, Change: "another name of the same cluster",
		Effect: Effect{Measured: "0 of 139"},
		Try:    &Try{Name: "kubeContext", Stack: "onprem", Set: map[string]string{"kubeContext": ""}},
	},
	{
		Keys: []string{"kubeContext"}, Change: "another cluster",
		Effect:   Effect{Refused: "is not the one that the stack was deployed to"},
		ByHand:   "set it back",
		NotTried: "the lab has one cluster; e2e/ownership_test.go puts another cluster's UID into the state",
	},
	{
		Keys: []string{"generateSecrets"}, Change: "off → on, all secrets given",
		Try: &Try{Name: "generateSecrets on", Stack: "onprem", Set: map[string]string{"generateSecrets": "true"}},
	},
	{
		Keys: []string{"generateSecrets"}, Change: "on → off, secrets missing",
		Effect: Effect{Refused: "signingKey is missing"},
		ByHand: "set it back, or set the secrets (see Rotate a secret)",
		Try:    &Try{Name: "generateSecrets off", Stack: "dev", Set: map[string]string{"generateSecrets": "false"}},
	},
	{
		Keys: []string{"rolloutTimeout"}, Change: "`600` → `300`",
		Effect: Effect{Measured: "0 of 116"},
		Try:    &Try{Name: "rolloutTimeout", Stack: "onprem", Set: map[string]string{"rolloutTimeout": "300"}},
	},
	{
		Keys: []string{"render.directory"}, Change: "set on a deployed stack",
		Effect: Effect{Measured: "0 of 66", Refused: "render.directory"},
		ByHand: "remove it; `make render` writes manifests beside a deployed stack",
		Try:    &Try{Name: "render.directory", Stack: "onprem", Set: map[string]string{"render.directory": "$WORK/rendered"}},
	},
	{
		Keys: []string{"monitoring.enabled"}, Change: "off → on, the cluster has no Prometheus operator",
		Effect: Effect{Refused: "install the Prometheus operator"},
		ByHand: "set it back, or install the operator",
		Try:    &Try{Name: "monitoring.enabled without operator", Stack: "onprem", Set: map[string]string{"monitoring.enabled": "true"}},
	},
	{
		Keys: []string{"monitoring.enabled"}, Change: "off → on",
		Effect: Effect{Rolling: []Tier{FrontEnd}, Restart: []Tier{Redis}, LogIn: true, Also: "the exporters are added to the pods; with `tls`, the blackbox exporter gets its own pod"},
		Try: &Try{Name: "monitoring.enabled", Stack: "dev", Prepare: MonitoringAddOn, Set: map[string]string{
			"monitoring.enabled": "true", "monitoring.release": "kube-prometheus-stack",
		}},
	},
	{
		Keys: []string{"monitoring.namespace", "monitoring.release", "monitoring.grafanaUrl", "monitoring.prometheusUrl", "monitoring.runbookUrl"}, Change: "another value",
		Try: &Try{Name: "monitoring values", Stack: "onprem", Set: map[string]string{
			"monitoring.namespace": "prometheus", "monitoring.release": "watch", "monitoring.grafanaUrl": "http://10.0.0.9", "monitoring.prometheusUrl": "http://10.0.0.9:9090", "monitoring.runbookUrl": "http://10.0.0.9/operations.md",
		}},
	},
	{
		Keys: []string{"metricsServer.install"}, Change: "off → on",
		Effect: Effect{Also: "metrics-server is created in `kube-system`; on → off deletes it, and is refused while other autoscalers use it"},
		Try:    &Try{Name: "metricsServer", Stack: "dev", Prepare: MetricsServer, Set: map[string]string{"metricsServer.install": "true"}},
	},
	{
		Keys:   []string{"metricsServer.kubeletInsecureTLS", "metricsServer.chart.repository", "metricsServer.chart.version", "metricsServer.chart.path", "metricsServer.tag"},
		Change: "another value, metrics-server installed",
		Effect: Effect{Also: "only metrics-server's pods are replaced"},
		Try: &Try{Name: "metricsServer values", Stack: "dev", Set: map[string]string{
			"metricsServer.kubeletInsecureTLS": "false",
		}},
	},
}
