package components

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Metrics of the tiers: the API's (images/backend/app/metrics.py), and those of the exporters that are used.
var exported = []string{
	"up",
	"http_requests_total", "http_request_duration_seconds_bucket", "database_connections_in_use", "database_errors_total", "redis_errors_total",
	"redis_up", "redis_memory_used_bytes", "redis_memory_max_bytes", "redis_commands_processed_total", "redis_connected_clients",
	"kube_cronjob_status_last_successful_time", "kube_cronjob_created", "kube_job_status_start_time", "kube_job_failed", // of kube-state-metrics
	"metallb_k8s_client_config_stale_bool",
	"probe_success", "probe_ssl_earliest_cert_expiry", "certmanager_certificate_expiration_timestamp_seconds", "certmanager_certificate_renewal_timestamp_seconds",
	"nginx_up", "nginx_http_requests_total", "nginx_connections_active", "nginx_connections_waiting",
}

var metric = regexp.MustCompile(`([a-z0-9_]+)\{([^}]*)\}`)

// selectsOwn requires that an expression uses existing metrics, of one stack's tiers only.
func selectsOwn(t *testing.T, what, expr, site string) {
	t.Helper()
	found := metric.FindAllStringSubmatch(expr, -1)
	if len(found) == 0 {
		t.Errorf("%s has no metric: %s", what, expr)
	}
	for _, name := range exported {
		if regexp.MustCompile(`\b` + name + `\b[^{]`).MatchString(expr + " ") {
			t.Errorf("%s selects %s of all namespaces: %s", what, name, expr)
		}
	}
	for _, m := range found {
		if !slices.Contains(exported, m[1]) {
			t.Errorf("%s uses %s, which no exporter exports", what, m[1])
		}
		if m[1] == "redis_errors_total" && !strings.Contains(m[2], `job="backend"`) {
			t.Errorf("%s counts what Redis refuses its exporter as well: %s", what, expr)
		}
		if !strings.HasPrefix(strings.TrimPrefix(m[2], "exported_"), site) {
			t.Errorf("%s selects %s of other namespaces too: %s", what, m[1], expr)
		}
	}
}

func TestAlertsUseExistingMetrics(t *testing.T) {
	names := map[string]bool{}
	for _, a := range (MonitoringArgs{BackupMaxAge: time.Hour, Certificate: &CertificateMonitoring{Issued: "site"}}).alerts() {
		site := "$site"
		if strings.Contains(a.name, "MetalLB") {
			site = "$metallb"
		}
		selectsOwn(t, a.name, a.expr, site)
		if names[a.name] || !strings.HasPrefix(a.name, "Hankki") {
			t.Errorf("%s: the name is not its own", a.name)
		}
		names[a.name] = true
		// Otherwise a single error would fire the alert.
		for _, window := range regexp.MustCompile(`\[([0-9]+)m\]\)\) > 0$`).FindAllStringSubmatch(a.expr, -1) {
			if window[1]+"m" >= a.lasting { // both have one digit
				t.Errorf("%s looks back %sm, and one error lasts %s", a.name, window[1], a.lasting)
			}
		}
		if a.severity != "critical" && a.severity != "warning" {
			t.Errorf("%s has the severity %s", a.name, a.severity)
		}
		if !regexp.MustCompile(`^[1-9][0-9]*m$`).MatchString(a.lasting) || a.summary == "" {
			t.Errorf("%s has the duration %q and the summary %q", a.name, a.lasting, a.summary)
		}
	}
}

func TestDashboard(t *testing.T) {
	var d struct {
		UID        string
		Templating struct{ List []struct{ Name string } }
		Panels     []struct {
			ID      int
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ RefID, Expr string }
		}
	}
	if err := json.Unmarshal([]byte(dashboard), &d); err != nil {
		t.Fatal(err)
	}
	if len(d.Templating.List) != 2 || len(d.Panels) == 0 {
		t.Errorf("the dashboard is %+v", d)
	}
	if want := "/d/" + d.UID + "?var-" + d.Templating.List[1].Name + "=kitchen"; DashboardPath("kitchen") != want {
		t.Errorf("links lead to %s, the dashboard is at %s", DashboardPath("kitchen"), want)
	}
	taken := map[string]string{}
	for i, p := range d.Panels {
		if p.ID != i+1 {
			t.Errorf("%s has the id %d", p.Title, p.ID)
		}
		if p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("%s is beyond the right side", p.Title)
		}
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				at := fmt.Sprint(p.GridPos.X+x, " ", p.GridPos.Y+y)
				if other, found := taken[at]; found {
					t.Fatalf("%s lies on %s", p.Title, other)
				}
				taken[at] = p.Title
			}
		}
		if len(p.Targets) == 0 {
			t.Errorf("%s shows nothing", p.Title)
		}
		for _, target := range p.Targets {
			selectsOwn(t, p.Title, target.Expr, `namespace="$namespace"`)
		}
	}
}
