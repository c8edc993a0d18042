package site

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
)

// links returns the URLs of the site, its health and its monitoring. The dashboard is included only if monitoring has a
// Grafana URL.
func links(cfg *config.Config, site, api pulumi.StringInput) pulumi.StringMap {
	document := api
	if cfg.TLS.Enabled() && cfg.Frontend.APIMode == config.APIModeProxy {
		document = site // the certificate need not contain the API's own address
	}
	all := pulumi.StringMap{
		"site":   site,
		"api":    pulumi.Sprintf("%s/api/v1/openapi.json", document),
		"health": pulumi.Sprintf("%s/healthz/ready", api),
	}
	m := cfg.Monitoring
	if m.Enabled && m.GrafanaURL != "" {
		all["dashboard"] = pulumi.String(strings.TrimSuffix(m.GrafanaURL, "/") + components.DashboardPath(cfg.Namespace))
	}
	if m.Enabled && m.PrometheusURL != "" {
		all["alerts"] = pulumi.String(strings.TrimSuffix(m.PrometheusURL, "/") + "/alerts?search=Hankki")
	}
	return all
}
