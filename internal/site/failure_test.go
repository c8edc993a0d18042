package site

import (
	"strings"
	"testing"

	"hankki/components"
	"hankki/internal/stacktest"
)

// subjects are the prefixes of each component's errors.
var subjects = map[string]string{
	components.BackupType:           `backup "backup": `,
	components.BackendType:          `backend "backend": `,
	components.BlackboxExporterType: `blackbox exporter "blackbox-exporter": `,
	components.CertificateType:      `certificate "site-certificate": `,
	components.FrontendType:         `frontend "frontend": `,
	components.ImageType:            `image "`,
	components.MetalLBType:          `metallb "metallb": `,
	components.MetricsServerType:    `metrics server "metrics-server": `,
	components.MonitoringType:       `monitoring "monitoring": `,
	components.NamespaceType:        `namespace "hankki": `,
	components.PostgresType:         `postgres "postgres": `,
	components.RedisType:            `redis "redis": `,
}

// If any resource cannot be created, the run fails, and the error names the resource and its component.
func TestNoFailureIsSwallowed(t *testing.T) {
	for _, v := range []struct{ name, stack, builder string }{
		{"dev with Docker", "dev", "docker"}, {"onprem with Docker", "onprem", "docker"}, {"onprem with BuildKit", "onprem", "buildkit"},
	} {
		fresh := func() settings {
			return shipped(t, v.stack).allOn().https("tls.generate", true).set("images.builder", v.builder)
		}
		for _, r := range fresh().deployed(t).all("") {
			token := r.typ
			t.Run(v.name+"/"+token+"/"+r.name, func(t *testing.T) {
				err, own := fresh().run(&engine{fail: token + " " + r.name})
				words := []string{"could not be created", token, r.name}
				if !strings.HasPrefix(token, providerPrefix) && token != stashType {
					words = append(words, componentPrefix) // all other resources have a component
				}
				stacktest.CheckError(t, err, words...)
				if subject, ours := subjects[token]; ours && (own == nil || !strings.Contains(own.Error(), subject)) {
					t.Errorf("deploy's own error does not begin with %s: %v", subject, own)
				}
				if strings.HasPrefix(token, componentPrefix) && subjects[token] == "" {
					t.Errorf("the component %s is unknown to this test", token)
				}
			})
		}
	}
}
