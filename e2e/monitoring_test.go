package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// checkMonitoring enables monitoring with a Prometheus of the Prometheus operator. Prometheus scrapes every tier, evaluates every
// rule, and answers the dashboard's queries. The error for an exporter whose image does not exist names it.
func checkMonitoring(t *testing.T, l lab, s stack, output io.Writer) {
	if printed := s.monitoring(t, "true").upError(t, output); !strings.Contains(printed, "install the Prometheus operator") {
		t.Error("without the CustomResourceDefinition PodMonitor the error does not name the Prometheus operator")
	}
	l.lab(t, "add", "monitoring")
	s.set(t, "rolloutTimeout", "45")
	s.set(t, "baseImages.nginxExporter", "127.0.0.1:5000/hankki/no-such-exporter:1")
	expectOutput(t, s.upError(t, output), "Deployment frontend in namespace hankki did not come up", "container exporter waits", "no-such-exporter:1")
	s.unset(t, "rolloutTimeout")
	s.unset(t, "baseImages.nginxExporter")
	s.up(t, output)
	r := startReads(t, l)

	eventually(t, 3*time.Minute, func() string {
		var targets struct {
			ActiveTargets []struct {
				Labels            struct{ Namespace, Job string }
				Health, LastError string
			}
		}
		l.prometheus(t, "targets", &targets)
		up := map[string]int{}
		for _, target := range targets.ActiveTargets {
			if target.Labels.Namespace != "hankki" && target.Labels.Namespace != "metallb-system" {
				continue
			}
			if target.Health != "up" {
				return fmt.Sprintf("%s is %s: %s", target.Labels.Job, target.Health, target.LastError)
			}
			up[target.Labels.Job]++
		}
		return unless(fmt.Sprint(up), "map[backend:2 frontend:2 metallb:4 redis:1]")
	})
	checkNoAlerts(t, l)
	checkMetricsPolicies(t, l, "monitoring")
	for title, query := range dashboard(t, l) {
		t.Run(title, func(t *testing.T) {
			eventually(t, time.Minute, func() string {
				var response struct{ Result []any }
				l.prometheus(t, "query?query="+url.QueryEscape(query), &response)
				if len(response.Result) == 0 && !strings.Contains(query, "errors_total") && !strings.Contains(query, "5..") {
					return fmt.Sprintf("the dashboard's query %q has no result: %s", title, query)
				}
				return ""
			})
		})
	}
	r.stop(t)
	checkNoAlerts(t, l) // after some scrapes under load
	checkAlerts(t, l)
	s.monitoring(t, "false").up(t, output)
}

// checkNoAlerts fails the test unless Prometheus evaluates every rule without an error and no alert is pending or firing.
func checkNoAlerts(t *testing.T, l lab) {
	t.Helper()
	eventually(t, 3*time.Minute, func() string {
		rules := l.rules(t)
		for name, rule := range rules {
			if rule.Health != "ok" || rule.State != "inactive" {
				return fmt.Sprintf("%s is %s, %s: %s", name, rule.Health, rule.State, rule.LastError)
			}
		}
		if len(rules) == 0 {
			return "Prometheus has no rule of the site"
		}
		return ""
	})
}

// checkAlerts scales Redis to 0 and disconnects PostgreSQL, while probes are the only requests to the API. The alerts about both
// fire, and resolve after both are back.
func checkAlerts(t *testing.T, l lab) {
	are := func(state string) func() string {
		return func() string {
			rules, wrong := l.rules(t), map[string]string{}
			for _, name := range []string{"HankkiDatabaseErrors", "HankkiRedisErrors", "HankkiTierDown"} {
				if rules[name].State != state {
					wrong[name] = rules[name].State
				}
			}
			return unless(fmt.Sprint(wrong), "map[]")
		}
	}
	l.kubectl(t, "scale", "-n", "hankki", "deployment/redis", "--replicas=0")
	l.lab(t, "disconnect", "postgres")
	eventually(t, 5*time.Minute, are("firing"))
	l.lab(t, "connect", "postgres")
	l.kubectl(t, "scale", "-n", "hankki", "deployment/redis", "--replicas=1")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/redis", "--timeout=90s")
	eventually(t, 4*time.Minute, are("inactive"))
}

type rule struct{ Name, Health, LastError, State string }

// rules returns the site's alerting rules with their state in Prometheus, by name.
func (l lab) rules(t *testing.T) map[string]rule {
	t.Helper()
	var all struct{ Groups []struct{ Rules []rule } }
	l.prometheus(t, "rules", &all)
	ours := map[string]rule{}
	for _, group := range all.Groups {
		for _, one := range group.Rules {
			if strings.HasPrefix(one.Name, "Hankki") {
				ours[one.Name] = one
			}
		}
	}
	return ours
}

func (s stack) monitoring(t *testing.T, enabled string) stack {
	t.Helper()
	s.set(t, "monitoring.enabled", enabled)
	s.set(t, "monitoring.release", "kube-prometheus-stack")
	return s
}

// prometheus queries the API of the Prometheus in the cluster; an error response fails the test.
func (l lab) prometheus(t *testing.T, query string, into any) {
	t.Helper()
	var response struct {
		Status, Error string
		Data          json.RawMessage
	}
	out := l.kubectl(t, "get", "--raw", "/api/v1/namespaces/monitoring/services/prometheus-operated:9090/proxy/api/v1/"+query)
	if err := json.Unmarshal([]byte(out), &response); err != nil || response.Status != "success" {
		t.Fatalf("Prometheus' response to %s: %s %v", query, response.Error, err)
	}
	if err := json.Unmarshal(response.Data, into); err != nil {
		t.Fatal(err)
	}
}

// dashboard returns each panel's queries, with Grafana's variables replaced.
func dashboard(t *testing.T, l lab) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(l.root, "components/dashboard.json"))
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr, RefID string }
		}
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	queries := map[string]string{}
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			queries[panel.Title+" "+target.RefID] = strings.NewReplacer("$namespace", "hankki", "$__rate_interval", "1m").Replace(target.Expr)
		}
	}
	if len(queries) == 0 {
		t.Fatal("the dashboard has no panel")
	}
	return queries
}
