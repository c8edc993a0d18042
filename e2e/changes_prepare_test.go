package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"

	"hankki/e2e/change"
)

// preparations change the lab as a row requires.
var preparations = map[change.Preparation]func(t *testing.T, w *site){
	change.MetricsServer:    func(t *testing.T, w *site) { t.Helper(); w.l.lab(t, "build", "metrics-server") },
	change.MonitoringAddOn:  func(t *testing.T, w *site) { t.Helper(); w.l.lab(t, "add", "monitoring") },
	change.RegistryUser:     prepareRegistryUser,
	change.BuildxInstance:   prepareInstance,
	change.OtherBaseImages:  prepareBaseImages,
	change.ChartCopied:      func(t *testing.T, w *site) { t.Helper(); w.copyChart(t, "chart") },
	change.ChartWithNewPods: prepareChart,
	change.DatabaseAddress:  prepareDatabaseAddress,
	change.DatabaseCopied:   prepareDatabase,
	change.Vault:            func(t *testing.T, w *site) { t.Helper(); w.writeVaultSecret(t, nil) },
	change.VaultChanged: func(t *testing.T, w *site) {
		t.Helper()
		w.writeVaultSecret(t, map[string]string{"jwt": "another-signing-key-of-32-characters"})
	},
	change.VaultOfDev: prepareVaultOfDev,
	change.PullSecret: preparePullSecret,
}

// prepareRegistryUser adds a second user with the same password to the registry.
func prepareRegistryUser(t *testing.T, w *site) {
	t.Helper()
	file := filepath.Join(w.l.folder, "registry/htpasswd")
	users, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	hash := w.l.command(time.Minute, "htpasswd", "-iBn", "shop")
	hash.Stdin = strings.NewReader(w.secrets["hankki:registryPassword"])
	line, err := hash.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(users, line...), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.WriteFile(file, users, 0o600); err != nil {
			t.Error(err)
		}
	})
}

// prepareInstance creates a second buildx instance for the same BuildKit daemon.
func prepareInstance(t *testing.T, w *site) {
	t.Helper()
	folder := filepath.Join(w.l.folder, "docker/buildx/instances")
	text, err := os.ReadFile(filepath.Join(folder, "hankki"))
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(folder, "kitchen")
	if err := os.WriteFile(other, []byte(strings.Replace(string(text), `"hankki"`, `"kitchen"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	w.l.t.Cleanup(func() { _ = os.Remove(other) }) // if it fails, `lab/lab down` removes the folder
}

// prepareBaseImages pushes base images that differ from the lab's by a label.
func prepareBaseImages(t *testing.T, w *site) {
	t.Helper()
	for name, tag := range map[string]string{
		"python": "3.11-slim-bookworm", "nginx": "1.22-bookworm", "redis": "7.0-bookworm", "postgres": "15-bookworm",
	} {
		w.l.run(t, "crane", "mutate", "127.0.0.1:5002/library/"+name+":"+tag, "--label", "changed=yes", "--tag", "127.0.0.1:5000/base/"+name+":changed")
	}
}

// copyChart copies MetalLB's chart into a folder of the test.
func (w *site) copyChart(t *testing.T, name string) (folder string) {
	t.Helper()
	folder = filepath.Join(w.work, name, "metallb")
	if err := os.CopyFS(folder, os.DirFS(strings.TrimSpace(w.l.run(t, "tools/chart.sh", "metallb")))); err != nil {
		t.Fatal(err)
	}
	return folder
}

// prepareChart adds an annotation to the pods of MetalLB's chart, which replaces them as a new version would.
func prepareChart(t *testing.T, w *site) {
	t.Helper()
	folder := w.copyChart(t, "changed")
	for _, file := range []string{"templates/controller.yaml", "templates/speaker.yaml"} {
		replaceIn(t, filepath.Join(folder, file), "  template:\n    metadata:\n", "  template:\n    metadata:\n      annotations:\n        changed: \"yes\"\n")
	}
}

// prepareDatabaseAddress gives the host of PostgreSQL a second address.
func prepareDatabaseAddress(t *testing.T, w *site) {
	t.Helper()
	var links []struct {
		IfName string                   `json:"ifname"`
		Info   []struct{ Local string } `json:"addr_info"`
	}
	if err := json.Unmarshal([]byte(w.l.run(t, "lab/lab", "exec", "postgres", "ip", "-json", "-4", "addr")), &links); err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		for _, address := range link.Info {
			if address.Local == "10.0.1.3" {
				w.l.run(t, "lab/lab", "exec", "postgres", "ip", "addr", "replace", "10.0.1.4/16", "dev", link.IfName)
				t.Cleanup(func() {
					w.l.run(t, "lab/lab", "exec", "postgres", "ip", "addr", "del", "10.0.1.4/16", "dev", link.IfName)
				})
			}
		}
	}
	t.Cleanup(func() { w.l.run(t, "lab/lab", "exec", "postgres", "iptables", "-t", "nat", "-F", "PREROUTING") })
	w.l.run(t, "lab/lab", "exec", "postgres", "iptables", "-t", "nat", "-A", "PREROUTING", "-d", "10.0.1.4", "-j", "DNAT", "--to-destination", "10.0.1.3")
}

// prepareDatabase copies the data of the embedded PostgreSQL to the server outside the cluster, as docs/operations.md describes.
func prepareDatabase(t *testing.T, w *site) {
	t.Helper()
	password := w.l.secretFile(t, "postgres-password")
	data := w.l.kubectl(t, "exec", "-n", "hankki", "deploy/postgres", "--", "pg_dump", "--username=hankki", "--no-owner", "--clean", "--if-exists", "hankki")
	psql := w.l.psql(password, "--quiet", "--set=ON_ERROR_STOP=1")
	psql.Stdin = strings.NewReader(data)
	if out, err := psql.CombinedOutput(); err != nil {
		t.Fatalf("copying the database: %v\n%s", err, out)
	}
	if err := w.SetConfig(t.Context(), "hankki:databasePassword", auto.ConfigValue{Value: password, Secret: true}); err != nil {
		t.Fatal(err)
	}
}
