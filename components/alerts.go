package components

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// alert is one alerting rule. In its expression, $site selects the tiers of the stack and $metallb selects the MetalLB
// that the stack installs. If the stack installs no MetalLB, alerts that use $metallb are left out.
type alert struct {
	name     string
	expr     string
	lasting  string // duration before the alert fires (`for`)
	severity string // critical: users are affected; warning: users will soon be affected
	summary  string
}

// alerts list symptoms first, then causes. Probe requests are excluded from the error rate and the latency, but not from
// the dependency errors: once pods are unready, only probes still reach PostgreSQL and Redis. No rate window is longer
// than its `for`, so a single error never fires an alert. redis_exporter exports a metric named redis_errors_total too,
// which counts what Redis refused to any client, including the exporter itself.
var alerts = []alert{
	{"HankkiTierDown", `sum by (job) (up{$site,job=~"backend|frontend|redis"}) == 0 or absent(up{$site,job="backend"}) or absent(up{$site,job="frontend"}) or absent(up{$site,job="redis"})`,
		"1m", "critical", "Prometheus scrapes no pod of {{ $labels.job }}: all its pods are down, or Prometheus can't reach them"},
	{"HankkiPodDown", `up{$site,job=~"backend|frontend|redis"} == 0`,
		"5m", "warning", "Prometheus can't scrape the pod {{ $labels.pod }}"},
	{"HankkiErrors", `sum(rate(http_requests_total{$site,status=~"5..",route!~"/healthz/.*"}[5m])) / sum(rate(http_requests_total{$site,route!~"/healthz/.*"}[5m])) > 0.05`,
		"5m", "critical", "{{ $value | humanizePercentage }} of the API's responses are 5xx"},
	{"HankkiSlow", `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{$site,route!~"/healthz/.*"}[5m]))) > 1`,
		"10m", "warning", "The 95th percentile of the API's response time is {{ $value | humanizeDuration }}"},
	{"HankkiDatabaseErrors", `sum(rate(database_errors_total{$site}[1m])) > 0`,
		"2m", "critical", "The API reports PostgreSQL errors: requests that need the database fail"},
	{"HankkiRedisErrors", `sum(rate(redis_errors_total{$site,job="backend"}[1m])) > 0`,
		"2m", "critical", "The API reports Redis errors: logins fail"},
	{"HankkiRedisDown", `redis_up{$site} == 0`,
		"1m", "critical", "Redis does not answer its exporter"},
	{"HankkiRedisNearlyFull", `redis_memory_used_bytes{$site} / redis_memory_max_bytes{$site} > 0.8`,
		"10m", "warning", "Redis uses {{ $value | humanizePercentage }} of redis.maxMemory: at 100 % logins fail"},
	{"HankkiNginxDown", `nginx_up{$site} == 0`,
		"1m", "critical", "Nginx does not answer its exporter in {{ $labels.pod }}"},
	{"HankkiMetalLBConfigStale", `max by (pod) (metallb_k8s_client_config_stale_bool{$metallb}) == 1`,
		"2m", "warning", "MetalLB rejects its configuration: when {{ $labels.pod }} restarts, it announces no address"},
}

// alerts returns the alerts about the enabled features.
func (a MonitoringArgs) alerts() []alert {
	all := slices.Concat(alerts, a.Certificate.alerts())
	if a.BackupMaxAge == 0 {
		return all
	}
	for _, alert := range backupAlerts {
		alert.expr = backupExpression(alert.expr, a.BackupMaxAge)
		all = append(all, alert)
	}
	return all
}

// alertRules returns the alerts as rules of a PrometheusRule.
func (a MonitoringArgs) alertRules() pulumi.Array {
	var rules pulumi.Array
	for _, alert := range a.alerts() {
		if a.MetalLB == "" && strings.Contains(alert.expr, "$metallb") {
			continue
		}
		rules = append(rules, alert.rule(a.RunbookURL, a.Namespace.ToStringOutput().ApplyT(func(n string) string {
			return strings.NewReplacer("$site", fmt.Sprintf("namespace=%q", n), "$metallb", fmt.Sprintf("namespace=%q", a.MetalLB)).Replace(alert.expr)
		}).(pulumi.StringOutput)))
	}
	return rules
}

func (a alert) rule(runbookURL string, expr pulumi.StringInput) pulumi.Map {
	annotations := pulumi.StringMap{"summary": pulumi.String(a.summary)}
	if runbookURL != "" {
		annotations["runbook_url"] = pulumi.String(runbookURL + "#" + strings.ToLower(a.name))
	}
	return pulumi.Map{
		"alert":       pulumi.String(a.name),
		"expr":        expr,
		"for":         pulumi.String(a.lasting),
		"labels":      pulumi.StringMap{"severity": pulumi.String(a.severity)},
		"annotations": annotations,
	}
}
