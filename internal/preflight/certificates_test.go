package preflight_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"hankki/internal/certificate"
	"hankki/internal/config"
	"hankki/internal/kubeconfig"
	"hankki/internal/preflight"
	"hankki/internal/stacktest"
)

// secretOf returns a Secret as the API server's JSON.
func secretOf(t *testing.T, typ string, data map[string]string) string {
	t.Helper()
	encoded := map[string][]byte{}
	for key, value := range data {
		encoded[key] = []byte(value)
	}
	text, err := json.Marshal(map[string]any{"kind": "Secret", "apiVersion": "v1", "type": typ, "data": encoded})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestExternallyManagedCertificatesAreChecked(t *testing.T) {
	now := time.Now()
	authority := stacktest.Authority(t)
	site, other := stacktest.Issue(t, authority, "hankki.example.com"), stacktest.Issue(t, authority, "www.example.com")
	const typ, path = "kubernetes.io/tls", "/api/v1/namespaces/hankki/secrets/kept"
	tls := config.Config{Namespace: "hankki", TLS: config.TLS{SecretName: "kept", Host: "hankki.example.com"}}
	database := config.Config{Namespace: "hankki", Database: config.Database{SecretName: "kept", SSLMode: "verify-full"}}
	client := database
	client.Database.SSLMode = "require"
	issuer := func(kind config.IssuerKind) config.Config {
		return config.Config{Namespace: "hankki", TLS: config.TLS{Issuer: config.Issuer{Kind: kind, Name: "corp"}}}
	}
	const clusterIssuer, ownIssuer, group = "/apis/cert-manager.io/v1/clusterissuers/corp", "/apis/cert-manager.io/v1/namespaces/hankki/issuers/corp", "/apis/cert-manager.io/v1"
	for name, row := range map[string]struct {
		c        config.Config
		objects  map[string]string
		later    time.Duration
		messages [][]string // one for each line of the error
		warns    []string   // in the only warning
	}{
		"none":                                  {config.Config{}, nil, 0, nil, nil},
		"good":                                  {tls, map[string]string{path: secretOf(t, typ, map[string]string{"tls.crt": site.Chain, "tls.key": site.Key})}, 0, nil, nil},
		"ends soon":                             {tls, map[string]string{path: secretOf(t, typ, map[string]string{"tls.crt": site.Chain, "tls.key": site.Key})}, (certificate.LeafDays - 5) * 24 * time.Hour, nil, []string{`tls.secretName "kept"`, "expires on"}},
		"not there":                             {tls, nil, 0, [][]string{{`tls.secretName "kept"`, "no Secret kept in the namespace hankki", "make adopt"}}, nil},
		"forbidden":                             {tls, map[string]string{path: ""}, 0, nil, []string{"may not read Secrets", "not checked"}},
		"no tls.key":                            {tls, map[string]string{path: secretOf(t, typ, map[string]string{"tls.crt": site.Chain, "ca.crt": "x"})}, 0, [][]string{{"Secret hankki/kept", "lacks tls.key", "it has the keys ca.crt, tls.crt"}}, nil},
		"empty":                                 {tls, map[string]string{path: secretOf(t, typ, nil)}, 0, [][]string{{"lacks tls.crt and tls.key", "no keys"}}, nil},
		"another type":                          {tls, map[string]string{path: secretOf(t, "Opaque", map[string]string{"tls.crt": site.Chain, "tls.key": site.Key})}, 0, [][]string{{"type Opaque", "kubernetes.io/tls"}}, nil},
		"all errors":                            {tls, map[string]string{path: secretOf(t, typ, map[string]string{"tls.crt": other.Chain, "tls.key": site.Key})}, 500 * 24 * time.Hour, [][]string{{"key does not belong"}, {"valid for www.example.com, not for hankki.example.com"}, {"expired on"}}, nil},
		"an authority":                          {database, map[string]string{path: secretOf(t, "Opaque", map[string]string{"ca.crt": authority.Chain})}, 0, nil, nil},
		"no authority":                          {database, map[string]string{path: secretOf(t, "Opaque", map[string]string{"root.crt": authority.Chain})}, 0, [][]string{{`database.secretName "kept"`, "lacks ca.crt", "the keys root.crt"}}, nil},
		"authority and client":                  {database, map[string]string{path: secretOf(t, typ, map[string]string{"ca.crt": authority.Chain, "tls.crt": site.Chain, "tls.key": site.Key})}, 0, nil, nil},
		"client without key":                    {database, map[string]string{path: secretOf(t, typ, map[string]string{"ca.crt": authority.Chain, "tls.crt": site.Chain})}, 0, [][]string{{"lacks tls.key"}}, nil},
		"require, without a client certificate": {client, map[string]string{path: secretOf(t, "Opaque", map[string]string{"ca.crt": "x"})}, 0, [][]string{{"lacks tls.crt and tls.key", "the keys ca.crt"}}, nil},
		"require, with another ca.crt":          {client, map[string]string{path: secretOf(t, typ, map[string]string{"ca.crt": "x", "tls.crt": site.Chain, "tls.key": site.Key})}, 0, nil, nil},
		"immutable":                             {tls, map[string]string{path: strings.Replace(secretOf(t, typ, map[string]string{"tls.crt": site.Chain, "tls.key": site.Key}), "{", `{"immutable":true,`, 1)}, 0, nil, []string{`tls.secretName "kept"`, "immutable", "new name"}},
		"immutable, of the database":            {database, map[string]string{path: strings.Replace(secretOf(t, "Opaque", map[string]string{"ca.crt": authority.Chain}), "{", `{"immutable":true,`, 1)}, 0, nil, []string{`database.secretName "kept"`, "immutable"}},
		"client without authority":              {client, map[string]string{path: secretOf(t, typ, map[string]string{"tls.crt": site.Chain, "tls.key": other.Key})}, 0, [][]string{{"key does not belong"}}, nil},

		"no cert-manager":                      {issuer("ClusterIssuer"), nil, 0, [][]string{{`tls.issuer ClusterIssuer "corp"`, "install cert-manager", "tls.secretName"}}, nil},
		"no such issuer":                       {issuer("ClusterIssuer"), map[string]string{group: "{}"}, 0, [][]string{{`tls.issuer ClusterIssuer "corp"`, "no issuer of that name", "kubectl get clusterissuers"}}, nil},
		"an issuer":                            {issuer("ClusterIssuer"), map[string]string{group: "{}", clusterIssuer: `{"status":{"conditions":[{"type":"Ready","status":"True"}]}}`}, 0, nil, nil},
		"an Issuer":                            {issuer("Issuer"), map[string]string{group: "{}", ownIssuer: `{}`}, 0, nil, nil},
		"a ClusterIssuer instead of an Issuer": {issuer("Issuer"), map[string]string{group: "{}", clusterIssuer: `{}`}, 0, [][]string{{"no issuer of that name"}}, nil},
		"an issuer that is not ready":          {issuer("ClusterIssuer"), map[string]string{group: "{}", clusterIssuer: `{"status":{"conditions":[{"type":"Ready","status":"False","message":"no key"}]}}`}, 0, nil, []string{"is not ready: no key"}},
		"a forbidden issuer":                   {issuer("ClusterIssuer"), map[string]string{group: "{}", clusterIssuer: ""}, 0, nil, []string{"may not read it"}},
		"an invalid response":                  {issuer("ClusterIssuer"), map[string]string{group: "{}", clusterIssuer: "nonsense"}, 0, [][]string{{"tls.issuer"}}, nil},
		"an invalid Secret":                    {tls, map[string]string{path: "nonsense"}, 0, [][]string{{"did not return Secret hankki/kept"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := newCluster(t, http.StatusOK)
			maps.Copy(cluster.objects, row.objects)
			access, err := kubeconfig.Load("")
			if err != nil {
				t.Fatal(err)
			}
			warnings, err := preflight.Certificates(context.Background(), &row.c, access, now.Add(row.later))
			checkLines(t, err, row.messages)
			if (len(warnings) == 1) != (row.warns != nil) {
				t.Fatalf("the warnings are %q, not %q", warnings, row.warns)
			}
			for _, word := range row.warns {
				if !strings.Contains(warnings[0], word) {
					t.Errorf("the warning does not name %q: %s", word, warnings[0])
				}
			}
			for _, secret := range []string{"BEGIN", strings.Split(site.Key, "\n")[1], strings.Split(other.Key, "\n")[1]} {
				if err != nil && strings.Contains(err.Error(), secret) {
					t.Errorf("a part of the Secret is printed: %v", err)
				}
			}
		})
	}
}
