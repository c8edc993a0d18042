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

// checkMonitoring has a Prometheus that its operator runs read the site: every tier is found, every rule can be judged,
// and the dashboard's questions have answers. An exporter whose image does not exist is told by its name.
func checkMonitoring(t *testing.T, l lab, s stack, output io.Writer) {
	if said := s.monitoring(t, "true").upError(t, output); !strings.Contains(said, "install the Prometheus operator") {
		t.Error("a cluster that knows no PodMonitor is not said to lack the Prometheus operator")
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
	checkQuiet(t, l)
	checkMetricsArrows(t, l, "monitoring")
	for title, question := range dashboard(t, l) {
		eventually(t, time.Minute, func() string {
			var answer struct{ Result []any }
			l.prometheus(t, "query?query="+url.QueryEscape(question), &answer)
			if len(answer.Result) == 0 && !strings.Contains(question, "errors_total") && !strings.Contains(question, "5..") {
				return fmt.Sprintf("the dashboard's %q has no answer to %s", title, question)
			}
			return ""
		})
	}
	r.stop(t)
	checkQuiet(t, l) // still, after some rounds of reading
	checkAlerts(t, l)
	s.monitoring(t, "false").up(t, output)
}

// checkQuiet demands that every rule can be judged, and that while all is well none is about to cry.
func checkQuiet(t *testing.T, l lab) {
	t.Helper()
	eventually(t, 3*time.Minute, func() string {
		rules := l.rules(t)
		for name, rule := range rules {
			if rule.Health != "ok" || rule.State != "inactive" {
				return fmt.Sprintf("%s is %s, %s: %s", name, rule.Health, rule.State, rule.LastError)
			}
		}
		if len(rules) == 0 {
			return "Prometheus has no rule of ours"
		}
		return ""
	})
}

// checkAlerts takes Redis away and pulls PostgreSQL's cable, while nobody asks the API anything but whether it is ready: the
// alerts about both fire, and end after they are back.
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
	l.lab(t, "cut", "postgres")
	eventually(t, 5*time.Minute, are("firing"))
	l.lab(t, "heal", "postgres")
	l.kubectl(t, "scale", "-n", "hankki", "deployment/redis", "--replicas=1")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/redis", "--timeout=90s")
	eventually(t, 4*time.Minute, are("inactive"))
}

type rule struct{ Name, Health, LastError, State string }

// rules are ours, by name, as Prometheus judges them.
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

// prometheus asks the API of the Prometheus in the cluster; an answer that is an error fails the test.
func (l lab) prometheus(t *testing.T, question string, into any) {
	t.Helper()
	var answer struct {
		Status, Error string
		Data          json.RawMessage
	}
	out := l.kubectl(t, "get", "--raw", "/api/v1/namespaces/monitoring/services/prometheus-operated:9090/proxy/api/v1/"+question)
	if err := json.Unmarshal([]byte(out), &answer); err != nil || answer.Status != "success" {
		t.Fatalf("Prometheus answers %s with %s %v", question, answer.Error, err)
	}
	if err := json.Unmarshal(answer.Data, into); err != nil {
		t.Fatal(err)
	}
}

// dashboard gives each panel's questions, as Grafana asks them.
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
	questions := map[string]string{}
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			questions[panel.Title+" "+target.RefID] = strings.NewReplacer("$namespace", "hankki", "$__rate_interval", "1m").Replace(target.Expr)
		}
	}
	if len(questions) == 0 {
		t.Fatal("the dashboard has no panel")
	}
	return questions
}
