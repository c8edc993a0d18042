package site

import (
	"fmt"
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/config"
)

func TestLinks(t *testing.T) {
	site := map[string]string{
		"site": "http://10.0.0.4", "api": "http://10.0.0.3:5000/api/v1/openapi.json", "health": "http://10.0.0.3:5000/healthz/ready",
	}
	watched := maps.Clone(site)
	watched["dashboard"] = "https://grafana.example.com/d/hankki?var-namespace=kitchen"
	watched["alerts"] = "http://prometheus.example.com/alerts?search=Hankki"
	for _, row := range []struct {
		enabled bool
		want    map[string]string
	}{{false, site}, {true, watched}} {
		t.Run(fmt.Sprintf("monitoring %t", row.enabled), func(t *testing.T) {
			cfg := &config.Config{Namespace: "kitchen", Monitoring: config.Monitoring{
				Enabled: row.enabled, GrafanaURL: "https://grafana.example.com/", PrometheusURL: "http://prometheus.example.com",
			}}
			if got := linksOf(t, cfg, "http://10.0.0.4", "http://10.0.0.3:5000"); !maps.Equal(got, row.want) {
				t.Errorf("with monitoring %t the links are %v, not %v", row.enabled, got, row.want)
			}
		})
	}
}

// The link to the API must use a host that the certificate contains.
func TestLinksFollowTheCertificate(t *testing.T) {
	for mode, want := range map[config.APIMode]string{"proxy": "https://hankki.example.com", "direct": "https://10.0.0.3:5000"} {
		t.Run(string(mode), func(t *testing.T) {
			cfg := &config.Config{TLS: config.TLS{Generate: true}, Frontend: config.Frontend{APIMode: mode}}
			if got := linksOf(t, cfg, "https://hankki.example.com", "https://10.0.0.3:5000")["api"]; got != want+"/api/v1/openapi.json" {
				t.Errorf("the link to the API is %s", got)
			}
		})
	}
}

// linksOf returns the links to the site and to its API at these origins.
func linksOf(t *testing.T, cfg *config.Config, page, api string) map[string]string {
	t.Helper()
	reported := make(chan map[string]string, 1)
	if err := pulumi.RunErr(func(*pulumi.Context) error {
		links(cfg, pulumi.String(page), pulumi.String(api)).ToStringMapOutput().ApplyT(func(m map[string]string) string { reported <- m; return "" })
		return nil
	}, pulumi.WithMocks("hankki", "test", &engine{stack: "test"})); err != nil {
		t.Fatal(err)
	}
	return <-reported
}
