package site

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// The cluster may lack the operator's CRDs, so no monitoring object exists unless monitoring is enabled.
func TestMonitoringIsOffByDefault(t *testing.T) {
	for _, stack := range []string{"dev", "onprem"} {
		t.Run(stack, func(t *testing.T) {
			e := shipped(t, stack).deployed(t)
			for _, typ := range []string{monitorType, ruleType, configMapType} {
				for _, r := range e.all(typ) {
					t.Errorf("%s is registered", r.urn)
				}
			}
			for _, r := range pods(e) {
				if containers := list(r, "spec.template.spec.containers"); len(containers) != 1 {
					t.Errorf("%s has %d containers", r.urn, len(containers))
				}
			}
		})
	}
}

// The PodMonitor selects pods by label and port name. Each tier has exactly one such port; Jobs have none. The alerts about pods that
// are down cover the same tiers.
func TestMonitorFindsEachTier(t *testing.T) {
	e := shipped(t, "onprem").allOn().deployed(t)
	monitor := e.one(t, monitorType, "monitoring")
	match(t, monitor, map[string]any{
		"metadata.name": "hankki", "metadata.namespace": "hankki", "metadata.labels.release": "kube-prometheus-stack",
		"spec.podMetricsEndpoints": []any{map[string]any{"port": "metrics", "interval": "15s"}}, "spec.jobLabel": "app.kubernetes.io/name",
	})
	selector, _ := at(monitor.inputs, "spec.selector.matchLabels").(map[string]any)
	found := map[string]any{}
	for _, pod := range pods(e) {
		for _, container := range list(pod, "spec.template.spec.containers") {
			ports, _ := at(container, "ports").([]any)
			for _, port := range ports {
				if at(port, "name") == "metrics" && selects(selector, podLabels(pod)) {
					if found[pod.name] != nil {
						t.Errorf("%s has two ports for metrics", pod.urn)
					}
					found[pod.name] = at(port, "containerPort")
				}
			}
		}
	}
	if want := "map[backend:9464 frontend:9113 redis:9121]"; fmt.Sprint(found) != want {
		t.Errorf("the monitor finds %v, not %s", found, want)
	}
	covering := 0
	for _, rule := range list(e.one(t, ruleType, "monitoring"), "spec.groups.0.rules") {
		if name := at(rule, "alert"); name != "HankkiTierDown" && name != "HankkiPodDown" {
			continue
		}
		covering++
		for tier := range found {
			if expr := fmt.Sprint(at(rule, "expr")); !strings.Contains(expr, tier) {
				t.Errorf("%v does not cover the tier %s: %s", at(rule, "alert"), tier, expr)
			}
		}
	}
	if covering != 2 {
		t.Errorf("%d alerts are about pods that are down, want 2", covering)
	}
}

func TestExportersReachTheirTierAndNoMore(t *testing.T) {
	e := shipped(t, "onprem").allOn().set("baseImages.nginxExporter", "example.com/exporter:1").deployed(t)
	redis, frontend := e.one(t, deploymentType, "redis"), e.one(t, deploymentType, "frontend")
	match(t, redis, map[string]any{"spec.template.spec.containers.1.image": "docker.io/oliver006/redis_exporter:v1.82.0"})
	match(t, frontend, map[string]any{"spec.template.spec.containers.1.image": "example.com/exporter:1"})
	got := fmt.Sprint(containerEnvironment(t, redis, 1))
	for _, want := range []string{"REDIS_ADDR:redis://127.0.0.1:6379", "REDIS_USER:monitor", "/monitorPassword", "REDIS_EXPORTER_CONFIG_COMMAND:-"} {
		if !strings.Contains(got, want) {
			t.Errorf("the exporter of Redis has no %s: %s", want, got)
		}
	}
	if got := fmt.Sprint(containerEnvironment(t, frontend, 1)); got != "map[SCRAPE_URI:http://127.0.0.1:8081/stub_status]" {
		t.Errorf("the exporter of Nginx has %s", got)
	}
}

func TestAlertsAreAboutTheStacksNamespace(t *testing.T) {
	e := shipped(t, "onprem").allOn().set("namespace", "kitchen").deployed(t)
	rule := e.one(t, ruleType, "monitoring")
	match(t, rule, map[string]any{"metadata.namespace": "kitchen", "metadata.labels.release": "kube-prometheus-stack"})
	rules := list(rule, "spec.groups.0.rules")
	if len(rules) == 0 {
		t.Fatal("no alerting rule is registered")
	}
	for _, r := range rules {
		expr, where := fmt.Sprint(at(r, "expr")), "kitchen"
		if strings.Contains(expr, "metallb_") {
			where = "metallb-system"
		}
		if !strings.Contains(expr, `namespace="`+where+`"`) || strings.Contains(expr, "$") {
			t.Errorf("%v has the expression %s", at(r, "alert"), expr)
		}
		for _, path := range []string{"alert", "for", "labels.severity", "annotations.summary"} {
			if at(r, path) == nil {
				t.Errorf("%v has no %s", at(r, "alert"), path)
			}
		}
	}
}

// Alertmanager opens the URL, so it must be absolute. Each alert has its own heading in docs/operations.md.
func TestAlertsLinkTheRunbook(t *testing.T) {
	runbook := testfile.Read(t, "docs/operations.md")
	https := func() settings { return shipped(t, "onprem").allOn().https("tls.generate", true) } // with the alert about the certificate
	linked := https().set("monitoring.runbookUrl", "https://git.example.com/operations.md").deployed(t)
	for _, r := range list(linked.one(t, ruleType, "monitoring"), "spec.groups.0.rules") {
		name := fmt.Sprint(at(r, "alert"))
		if got, want := at(r, "annotations.runbook_url"), "https://git.example.com/operations.md#"+strings.ToLower(name); got != want {
			t.Errorf("%s links %v, want %s", name, got, want)
		}
		if !strings.Contains(runbook, "\n#### "+name+"\n") {
			t.Errorf("docs/operations.md has no heading for %s", name)
		}
	}
	for _, r := range list(https().deployed(t).one(t, ruleType, "monitoring"), "spec.groups.0.rules") {
		if got := at(r, "annotations"); len(got.(map[string]any)) != 1 {
			t.Errorf("without monitoring.runbookUrl, %v has the annotations %v", at(r, "alert"), got)
		}
	}
}

// Only the stack that installs MetalLB monitors it.
func TestMetalLBIsMonitoredIfInstalled(t *testing.T) {
	e := shipped(t, "onprem").allOn().set("metallb.namespace", "lb").deployed(t)
	match(t, e.one(t, monitorType, "monitoring-metallb"), map[string]any{
		"metadata.name": "hankki-metallb", "metadata.namespace": "hankki", "metadata.labels.release": "kube-prometheus-stack",
		"spec.namespaceSelector": map[string]any{"matchNames": []any{"lb"}}, "spec.selector.matchLabels": map[string]any{"app.kubernetes.io/name": "metallb"},
		"spec.podMetricsEndpoints": []any{map[string]any{"port": "monitoring", "interval": "30s"}},
	})
	for _, manage := range []string{"pools", "none"} {
		t.Run(manage, func(t *testing.T) {
			e := shipped(t, "onprem").allOn().set("metallb.manage", manage).deployed(t)
			if monitors := e.all(monitorType); len(monitors) != 1 {
				t.Errorf("there are %d monitors", len(monitors))
			}
			if rules := fmt.Sprint(list(e.one(t, ruleType, "monitoring"), "spec.groups.0.rules")); strings.Contains(rules, "MetalLB") {
				t.Errorf("MetalLB is watched: %s", rules)
			}
		})
	}
}

func TestDashboardHasGrafanaLabel(t *testing.T) {
	e := shipped(t, "onprem").allOn().deployed(t)
	dashboard := e.one(t, configMapType, "monitoring")
	match(t, dashboard, map[string]any{"metadata.labels.grafana_dashboard": "1", "metadata.namespace": "hankki"})
	for name, text := range dashboard.inputs["data"].(map[string]any) {
		if !strings.HasSuffix(name, ".json") || !json.Valid([]byte(text.(string))) {
			t.Errorf("%s is not a dashboard", name)
		}
	}
	if unlabelled := shipped(t, "onprem").set("monitoring.enabled", true).deployed(t).one(t, monitorType, "monitoring"); at(unlabelled.inputs, "metadata.labels.release") != nil {
		t.Error("without monitoring.release the label is set")
	}
}
