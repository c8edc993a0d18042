package site

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hankki/internal/certificate"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

const (
	host            = "hankki.example.com"
	certificateType = "kubernetes:cert-manager.io/v1:Certificate"
)

// Names of the certificate's Secret, with a digest of its hosts.
var (
	fileSecret    = certificateSecret("file", host, "10.0.0.3")
	issuedSecret  = certificateSecret("issued", host, "10.0.0.3")
	privateSecret = certificateSecret("private", "10.0.0.4", "10.0.0.3")
)

func certificateSecret(source string, hosts ...string) string {
	return fmt.Sprintf("site-certificate-%s-%x", source, sha256.Sum256([]byte(strings.Join(hosts, " "))))[:len("site-certificate--")+len(source)+8]
}

// certified is the stack onprem with a certificate file.
func certified(t *testing.T, hosts ...string) (s settings, site certificate.Pair) {
	t.Helper()
	site = stacktest.Issue(t, stacktest.Authority(t), hosts...)
	file := testfile.Temporary(t, "site.crt", site.Chain)
	s = shipped(t, "onprem").https("tls.certFile", file).set("tls.host", host).set("tlsKey", site.Key)
	s.secrets = append(s.secrets, "hankki:tlsKey")
	return s, site
}

func TestBothAddressesServeHTTPS(t *testing.T) {
	s, site := certified(t, host, "10.0.0.3")
	e := s.deployed(t)
	match(t, e.one(t, secretType, fileSecret), map[string]any{
		"type": "kubernetes.io/tls", "immutable": nil, "metadata.name": fileSecret, "metadata.namespace": "hankki", "stringData": hiddenValue,
	})
	match(t, e.one(t, serviceType, "frontend"), map[string]any{
		"spec.ports.0.name": "frontend", "spec.ports.0.port": 80, "spec.ports.0.targetPort": "http",
		"spec.ports.1.name": "https", "spec.ports.1.port": 443, "spec.ports.1.targetPort": "https", "spec.ports.2": nil,
	})
	match(t, e.one(t, serviceType, "backend"), map[string]any{"spec.ports.0.port": 5000, "spec.ports.0.targetPort": "https", "spec.ports.1": nil})
	page, api := e.one(t, deploymentType, "frontend"), e.one(t, deploymentType, "backend")
	if got := environment(t, page); got["TLS_HOST"] != host || got["API_URL"] != "https://10.0.0.3:5000" || got["TLS_HSTS"] != "" {
		t.Errorf("the front end's environment is %v", got)
	}
	tlsProxy := containerEnvironment(t, api, 1)
	if tlsProxy["API_MODE"] != "door" || tlsProxy["API_UPSTREAM"] != "127.0.0.1:5001" || tlsProxy["TLS_HOST"] != "10.0.0.3" {
		t.Errorf("the TLS proxy's environment is %v", tlsProxy)
	}
	if got := environment(t, api); got["ALLOWED_ORIGIN"] != "https://"+host || got["REFRESH_COOKIE"] != "__Host-refreshToken" {
		t.Errorf("the API's environment is %v", got)
	}
	if at(api.inputs, "spec.template.spec.containers.1.image") != at(page.inputs, "spec.template.spec.containers.0.image") {
		t.Error("the TLS proxy has another image than the front end")
	}
	for pods, container := range map[*registration]int{&page: 0, &api: 1} {
		mount := at(pods.inputs, fmt.Sprintf("spec.template.spec.containers.%d.volumeMounts.0", container))
		if fmt.Sprint(mount) != fmt.Sprint(map[string]any{"name": "tls", "mountPath": "/etc/hankki/tls", "readOnly": true}) {
			t.Errorf("%s mounts %v", pods.name, mount)
		}
		match(t, *pods, map[string]any{
			"spec.template.spec.volumes.0.name": "tls", "spec.template.spec.volumes.0.secret.secretName": fileSecret,
			"spec.template.spec.volumes.0.secret.defaultMode": 0o440,
		})
	}
	match(t, api, map[string]any{"spec.template.spec.containers.1.lifecycle": at(api.inputs, "spec.template.spec.containers.0.lifecycle")})
	data, _ := at(e.one(t, secretType, fileSecret).revealed, "stringData").(map[string]any)
	if data["tls.crt"] != site.Chain || data["tls.key"] != site.Key {
		t.Error("the Secret has another certificate or key than the stack")
	}
}

// A failed update keeps the previous version's pods. Their Secret must keep the certificate of their hosts.
func TestOtherHostsGetAnotherSecret(t *testing.T) {
	s, _ := certified(t, host, "10.0.0.3", "www.example.com")
	former, other := s.deployed(t), s.set("tls.host", "www.example.com").deployed(t)
	if before, after := former.all(secretType), other.all(secretType); slices.ContainsFunc(after, func(r registration) bool { return r.name == fileSecret }) ||
		!slices.ContainsFunc(before, func(r registration) bool { return r.name == fileSecret }) {
		t.Errorf("with another host the Secret %s is not replaced", fileSecret)
	}
	other.one(t, secretType, certificateSecret("file", "www.example.com", "10.0.0.3"))
}

// In proxy mode browsers don't open the API's address, and no public issuer certifies it.
func TestIssuerCertifiesNoUnusedAddress(t *testing.T) {
	tls := map[string]any{"issuer": map[string]any{"kind": "ClusterIssuer", "name": "corp"}, "host": host}
	e := shipped(t, "onprem").https("tls", tls).set("frontend.apiMode", "proxy").deployed(t)
	match(t, e.one(t, certificateType, certificateSecret("issued", host)), map[string]any{"spec.dnsNames": []any{host}, "spec.ipAddresses": nil})
}

// libpq verifies the server as soon as it has an authority, so pods get none if sslMode does not verify.
func TestNoAuthorityWithoutVerification(t *testing.T) {
	e := nightly(shipped(t, "onprem"), "claimName", "nfs").set("database.sslMode", "require").set("database.secretName", "postgres-client").deployed(t)
	pods := map[string]string{"backend": "spec.template.spec.", "backup": "spec.jobTemplate.spec.template.spec."}
	for _, r := range []registration{e.one(t, deploymentType, "backend"), e.one(t, cronJobType, "backup")} {
		match(t, r, map[string]any{
			pods[r.name] + "volumes.0.secret.secretName": "postgres-client",
			pods[r.name] + "volumes.0.secret.items":      []any{map[string]any{"key": "tls.crt", "path": "tls.crt"}, map[string]any{"key": "tls.key", "path": "tls.key"}},
		})
		if strings.Contains(fmt.Sprint(r.inputs), "PGSSLROOTCERT") {
			t.Errorf("%s verifies the server with sslMode require", r.name)
		}
	}
}

// A new certificate replaces no pod: Nginx reloads it.
func TestNewCertificateReplacesNoPod(t *testing.T) {
	s, _ := certified(t, host, "10.0.0.3")
	before, first := inputsWithTimeout(t, s, nil, 600), s.deployed(t)
	s, _ = certified(t, host, "10.0.0.3")
	for urn, inputs := range inputsWithTimeout(t, s, nil, 600) { // with secrets hidden
		if before[urn] != inputs {
			t.Errorf("%s changes:\n%s\n%s", urn, before[urn], inputs)
		}
	}
	content := func(e *engine) string { return fmt.Sprint(e.one(t, secretType, fileSecret).revealed) }
	if content(first) == content(s.deployed(t)) {
		t.Error("the Secret keeps the former certificate")
	}
}

func TestNoPlainHTTPWithCertificate(t *testing.T) {
	for _, mode := range []string{"direct", "proxy"} {
		for redirect, plain := range map[bool][]string{true: {"anywhere => frontend:8080/TCP"}, false: nil} {
			t.Run(fmt.Sprintf("%s, redirect %t", mode, redirect), func(t *testing.T) {
				s := shipped(t, "onprem").https("tls", map[string]any{"secretName": "site", "host": host, "redirect": redirect, "hsts": 300}).set("frontend.apiMode", mode)
				e := s.deployed(t)
				want := append(slices.Clone(plain), "anywhere => backend:8443/TCP", "anywhere => frontend:8443/TCP")
				var open []string
				for _, scrapeRule := range policyRules(t, e) {
					if strings.HasPrefix(scrapeRule, "anywhere =>") {
						open = append(open, scrapeRule)
					}
				}
				slices.Sort(want)
				if !slices.Equal(open, want) {
					t.Errorf("%s, redirect %t: open are %q, not %q", mode, redirect, open, want)
				}
				if ports := list(e.one(t, serviceType, "frontend"), "spec.ports"); len(ports) != 1+len(plain) || at(ports[len(ports)-1], "port") != float64(443) && fmt.Sprint(at(ports[len(ports)-1], "port")) != "443" {
					t.Errorf("%s, redirect %t: the front end's Service has the ports %v", mode, redirect, ports)
				}
				if got := environment(t, e.one(t, deploymentType, "frontend")); got["TLS_HSTS"] != "300" {
					t.Errorf("the front end's environment is %v", got)
				}
				if got := containerEnvironment(t, e.one(t, deploymentType, "backend"), 1); got["TLS_HSTS"] != "300" {
					t.Errorf("the TLS proxy's environment is %v", got)
				}
				if made := append(e.all(certificateType), e.all(stashType)...); len(made) > 0 {
					t.Errorf("an externally managed certificate is created: %s", made[0].urn)
				}
				match(t, e.one(t, deploymentType, "frontend"), map[string]any{"spec.template.spec.volumes.0.secret.secretName": "site"})
			})
		}
	}
}

func TestCertManagerIssuesCertificate(t *testing.T) {
	e := shipped(t, "onprem").https("tls", map[string]any{"issuer": map[string]any{"kind": "ClusterIssuer", "name": "corp"}, "host": host}).deployed(t)
	object := e.one(t, certificateType, issuedSecret)
	match(t, object, map[string]any{
		"metadata.name": issuedSecret, "metadata.namespace": "hankki", "spec.secretName": issuedSecret,
		"spec.issuerRef": map[string]any{"group": "cert-manager.io", "kind": "ClusterIssuer", "name": "corp"},
		"spec.dnsNames":  []any{host}, "spec.ipAddresses": []any{"10.0.0.3"},
	})
	for _, pods := range []string{"frontend", "backend"} {
		if !waitsFor(e, e.one(t, deploymentType, pods).urn)[object.urn] {
			t.Errorf("the pods of %s don't wait for the certificate", pods)
		}
		match(t, e.one(t, deploymentType, pods), map[string]any{"spec.template.spec.volumes.0.secret.secretName": issuedSecret})
	}
}

// A private authority is generated once. Its certificate is valid at both addresses.
func TestPrivateAuthorityIsCreatedOnce(t *testing.T) {
	e := shipped(t, "onprem").https("tls.generate", true).deployed(t)
	for _, stash := range e.all(stashType) {
		match(t, stash, map[string]any{"input": hiddenValue})
		if !slices.Equal(stash.ignored, []string{"input"}) {
			t.Errorf("%s is generated again in each run", stash.name)
		}
	}
	data, _ := at(e.one(t, secretType, privateSecret).revealed, "stringData").(map[string]any)
	chain, _ := data["tls.crt"].(string)
	key, _ := data["tls.key"].(string)
	if _, err := tls.X509KeyPair([]byte(chain), []byte(key)); err != nil {
		t.Fatal(err)
	}
	if found := certificate.CheckServer(chain, key, []string{"10.0.0.4", "10.0.0.3"}, time.Now()); len(found.Errors)+len(found.Warnings) > 0 {
		t.Errorf("the certificate is not valid: %v", found)
	}
	other := shipped(t, "onprem").https("tls.generate", true).set("tls.host", host).deployed(t)
	names := func(e *engine) (names []string) {
		for _, stash := range e.all(stashType) {
			names = append(names, stash.name)
		}
		slices.Sort(names)
		return names
	}
	if a, b := names(e), names(other); len(a) != 2 || len(b) != 2 || a[0] == b[0] || a[1] != b[1] {
		t.Errorf("with another host the certificate should be another, and the authority the same: %q, %q", a, b)
	}
}

// The API and the migration verify PostgreSQL with the same files.
func TestTheDatabaseIsVerified(t *testing.T) {
	_, ours := certified(t, "hankki")
	authority := stacktest.Authority(t)
	folder := t.TempDir()
	for name, text := range map[string]string{"ca.crt": authority.Chain, "us.crt": ours.Chain} {
		testfile.Write(t, filepath.Join(folder, name), text)
	}
	files := shipped(t, "onprem").set("database.sslMode", "verify-full").set("database.caFile", filepath.Join(folder, "ca.crt"))
	both := shipped(t, "onprem").set("database.sslMode", "verify-full").set("database.caFile", filepath.Join(folder, "ca.crt")).
		set("database.certFile", filepath.Join(folder, "us.crt")).set("databaseKey", ours.Key)
	both.secrets = append(both.secrets, "hankki:databaseKey")
	others := shipped(t, "onprem").set("database.sslMode", "verify-full").set("database.secretName", "postgres-ca")
	for name, row := range map[string]struct {
		s    settings
		data map[string]any // nil: externally managed
	}{
		"an authority":            {files, map[string]any{"ca.crt": authority.Chain}},
		"with client certificate": {both, map[string]any{"ca.crt": authority.Chain, "tls.crt": ours.Chain, "tls.key": ours.Key}},
		"externally managed":      {others, nil},
	} {
		t.Run(name, func(t *testing.T) {
			e := row.s.deployed(t)
			for _, pods := range []registration{e.one(t, deploymentType, "backend"), e.one(t, jobType, "backend-release")} {
				if got := environment(t, pods); got["DATABASE_CERTIFICATES"] != "/run/hankki/database" || got["DATABASE_SSLMODE"] != "verify-full" {
					t.Errorf("the environment of %s is %v", pods.name, got)
				}
				match(t, pods, map[string]any{
					"spec.template.spec.volumes.0.name": "database", "spec.template.spec.volumes.0.secret.defaultMode": 0o440,
					"spec.template.spec.containers.0.volumeMounts.0": map[string]any{"name": "database", "mountPath": "/run/hankki/database", "readOnly": true},
				})
				secret := fmt.Sprint(at(pods.inputs, "spec.template.spec.volumes.0.secret.secretName"))
				if row.data == nil && secret != "postgres-ca" || row.data != nil && !strings.HasPrefix(secret, "backend-database-") {
					t.Errorf("%s mounts the Secret %s", pods.name, secret)
				}
			}
			if row.data == nil {
				return
			}
			made := e.one(t, secretType, "backend-database")
			if fmt.Sprint(at(made.revealed, "stringData")) != fmt.Sprint(row.data) {
				t.Error("the Secret has another content")
			}
			match(t, made, map[string]any{"immutable": true, "metadata.name": nil})
		})
	}
}

// Errors of certificates are reported together with all others, before anything is created.
func TestInvalidCertificatesAreReportedBeforeChanges(t *testing.T) {
	cluster, e := newKitchen(t), &engine{}
	s, _ := certified(t, "www.example.com")
	s = s.set("registry.server", cluster.registry).set("metallb.chart.path", t.TempDir()).set("backend.replicas", 0).
		set("database.sslMode", "verify-full").set("database.caFile", filepath.Join(t.TempDir(), "none.crt"))
	expectRefusal(t, e, s.whole(e), []string{
		"tls.certFile", "valid for www.example.com, not for " + host, "not for 10.0.0.3", "database.caFile", "no such file", "backend.replicas 0",
	})
}

// An externally managed Secret is checked before anything is created.
func TestMissingSecretIsReportedBeforeChanges(t *testing.T) {
	cluster, e := newKitchen(t), &engine{}
	expectRefusal(t, e, cluster.stack(t).https("tls.secretName", "site").whole(e), []string{`tls.secretName "site"`, "no Secret site in the namespace hankki"})
}

// The run waits for cert-manager.
func TestUpWaitsForCertManager(t *testing.T) {
	const group = "/apis/cert-manager.io/v1"
	cluster, e := newKitchen(t), &engine{}
	cluster.bodies = map[string]string{
		group: "{}", group + "/clusterissuers/corp": `{"status":{}}`,
		group + "/namespaces/hankki/certificates/" + certificateSecret("issued", "10.0.0.4", "10.0.0.3"): `{"metadata":{"generation":1},"status":{"conditions":[{"type":"Ready","status":"True","observedGeneration":1}]}}`,
	}
	if err := cluster.stack(t).https("tls.issuer", map[string]any{"kind": "ClusterIssuer", "name": "corp"}).whole(e); err != nil {
		t.Fatal(err)
	}
	if !cluster.requested(group + "/namespaces/hankki/certificates/" + certificateSecret("issued", "10.0.0.4", "10.0.0.3")) {
		t.Error("no Certificate is created")
	}
}
