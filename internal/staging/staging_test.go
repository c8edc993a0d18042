package staging

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hankki/internal/config"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// checkout returns a copy of this checkout's project with its stacks.
func checkout(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.onprem.yaml"} {
		testfile.Write(t, filepath.Join(folder, name), testfile.Read(t, filepath.Join("..", "..", name)))
	}
	testfile.Write(t, filepath.Join(folder, "images", "README.md"), "images")
	return folder
}

// values returns keys of a staged stack, as `pulumi config get --path` prints them.
func values(t *testing.T, folder, stack string, keys ...string) (all []string) {
	t.Helper()
	file, err := read(path(folder, stack))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		value, err := get(file, key)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, value)
	}
	return all
}

func write(t *testing.T, s Stack, checkout, folder string) {
	t.Helper()
	if err := s.Write(checkout, folder); err != nil {
		t.Fatal(err)
	}
}

// The project runs the built program, links the images' sources, and is otherwise that of the checkout.
func TestProject(t *testing.T) {
	from := checkout(t)
	folder := filepath.Join(t.TempDir(), "staged")
	for range 2 { // the link exists the second time
		if err := Project(from, folder, "/program"); err != nil {
			t.Fatal(err)
		}
	}
	text := testfile.Read(t, filepath.Join(folder, "Pulumi.yaml"))
	if !strings.Contains(text, "binary: /program") || strings.Contains(text, "buildTarget") || !strings.Contains(text, "hankki:registry:") {
		t.Errorf("the project is\n%s", text)
	}
	if got := testfile.Read(t, filepath.Join(folder, "images", "README.md")); got != "images" {
		t.Errorf("images/ has %q", got)
	}
	if err := Project(from, from, "/program"); err != nil {
		t.Errorf("in the checkout itself: %v", err)
	}
	stacktest.CheckError(t, Project(t.TempDir(), folder, "/program"), "no project")
}

// Settings are merged as `pulumi config set --path` does, and keep the other values of the stack.
func TestSettingsAreMerged(t *testing.T) {
	from, folder := checkout(t), t.TempDir()
	shipped := testfile.Read(t, path(from, "onprem"))
	write(t, Stack{Name: "onprem", Settings: []string{"hankki:kubeContext=lab", "hankki:tls.generate=true", "hankki:backend.replicas=2", "hankki:registry.username="}}, from, folder)
	got := strings.Join(values(t, folder, "onprem", "hankki:kubeContext", "hankki:tls.generate", "hankki:backend.replicas", "hankki:registry.username", "hankki:registry.server"), " ")
	if want := "lab true 2  " + values(t, from, "onprem", "hankki:registry.server")[0]; got != want {
		t.Errorf("staged are %q, want %q", got, want)
	}
	if text := testfile.Read(t, path(folder, "onprem")); !strings.Contains(text, "generate: true") || !strings.Contains(text, "replicas: 2") {
		t.Errorf("a number or a boolean is text:\n%s", text)
	}
	if testfile.Read(t, path(from, "onprem")) != shipped {
		t.Error("the file of the checkout has changed")
	}
}

// A site's stack may have another file than the checkout's.
func TestStackOfAnotherFile(t *testing.T) {
	from, folder := checkout(t), t.TempDir()
	file := testfile.Temporary(t, "site.yaml", "config:\n  hankki:namespace: pantry\n")
	write(t, Stack{Name: "onprem", File: file}, from, folder)
	if got := values(t, folder, "onprem", namespaceKey, "hankki:registry.server"); !slices.Equal(got, []string{"pantry", ""}) {
		t.Errorf("staged are %q", got)
	}
}

// All wrong settings are in one error, before a file is written.
func TestWrongSettingsAreReported(t *testing.T) {
	from, folder := checkout(t), t.TempDir()
	stage := func(s Stack) error { return Stage(t.Context(), from, "/program", filepath.Join(folder, "staged"), s) }
	err := stage(Stack{Name: "dev", Settings: []string{"kubeContext", "hankki=lab", "hankki:backend[=2"}})
	stacktest.CheckError(t, err, `"kubeContext" has no value`, `"hankki"`, `"hankki:backend["`)
	stacktest.CheckError(t, stage(Stack{Name: "kitchen"}), "Pulumi.kitchen.yaml")
	stacktest.CheckError(t, stage(Stack{Name: "dev", File: "Pulumi.pantry.yaml"}), "Pulumi.pantry.yaml")
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("written: %v, %v", left, err)
	}
}

// Staging again, as each `make up` on the lab does, keeps the encryption salt and the namespace that `make move` wrote.
func TestStagingKeepsTheMovedNamespace(t *testing.T) {
	for _, stack := range []string{"dev", "onprem"} { // dev sets no namespace, onprem does
		t.Run(stack, func(t *testing.T) {
			from, folder := checkout(t), t.TempDir()
			s := Stack{Name: stack, Settings: []string{"hankki:kubeContext=lab"}}
			namespace := func() string { return values(t, folder, stack, namespaceKey)[0] }
			write(t, s, from, folder)
			if got, want := namespace(), values(t, from, stack, namespaceKey)[0]; got != want {
				t.Fatalf("the namespace is %q, want %q", got, want)
			}
			change(t, path(folder, stack), namespaceKey, "kitchen")
			testfile.Write(t, path(folder, stack), testfile.Read(t, path(folder, stack))+"encryptionsalt: v1:salt\n")
			other := map[string]string{"dev": "onprem", "onprem": "dev"}[stack] // in the same folder
			write(t, Stack{Name: other}, from, folder)
			for range 2 {
				write(t, s, from, folder)
				if namespace() != "kitchen" {
					t.Errorf("staged again, the namespace is %q", namespace())
				}
				if text := testfile.Read(t, path(folder, stack)); strings.Count(text, "encryptionsalt: v1:salt") != 1 {
					t.Errorf("staged again, the salt is missing:\n%s", text)
				}
			}
			change(t, path(from, stack), namespaceKey, "pantry")
			for range 2 {
				if write(t, s, from, folder); namespace() != "pantry" {
					t.Errorf("after a change of the checkout's, the namespace is %q", namespace())
				}
			}
		})
	}
}

// Staging again keeps the database of `make restore TO=kitchen`, until the checkout's changes.
func TestStagingKeepsADatabaseOfAnyName(t *testing.T) {
	for _, restored := range []string{"kitchen", "hankki_restored_20261129153000"} {
		t.Run(restored, func(t *testing.T) {
			from, folder := checkout(t), t.TempDir()
			s := Stack{Name: "dev"}
			database := func() string { return values(t, folder, "dev", databaseKey)[0] }
			write(t, s, from, folder)
			change(t, path(folder, "dev"), databaseKey, restored)
			for range 2 {
				if write(t, s, from, folder); database() != restored {
					t.Errorf("staged again, the database is %q", database())
				}
			}
			change(t, path(from, "dev"), databaseKey, "pantry")
			for range 2 {
				if write(t, s, from, folder); database() != "pantry" {
					t.Errorf("after a change of the checkout's, the database is %q", database())
				}
			}
		})
	}
}

// The first staging that records the checkout's database keeps only a database with a name of `make restore`.
func TestStagingKeepsTheRestoredDatabase(t *testing.T) {
	const restored = "hankki_restored_20261129153000"
	for name, c := range map[string]struct {
		staged   string
		settings []string
		want     string
	}{
		"restored":          {restored, nil, restored},
		"another name":      {"kitchen", nil, ""},
		"named by settings": {restored, []string{"hankki:database.name=pantry"}, "pantry"},
	} {
		t.Run(name, func(t *testing.T) {
			from, folder := checkout(t), t.TempDir()
			testfile.Write(t, path(folder, "dev"), "config:\n  hankki:database:\n    embedded: true\n    name: "+c.staged+"\n")
			write(t, Stack{Name: "dev", Settings: c.settings}, from, folder)
			if got := values(t, folder, "dev", databaseKey)[0]; got != c.want {
				t.Errorf("the database is %q, want %q", got, c.want)
			}
		})
	}
}

// A stack that is only rendered has placeholders for its encrypted secrets, no secret in plain text, a chart from a local folder where it configures none, and keeps nothing.
func TestRendering(t *testing.T) {
	from, folder := t.TempDir(), t.TempDir()
	const shipped = `encryptionsalt: v1:x
secretsprovider: hashivault://key
config:
  hankki:signingKey:
    secure: v1:abc
  hankki:redisPassword: tomato
  hankki:tea:
    secure: v1:tea
  hankki:metallb:
    addresses: [10.0.0.3-10.0.0.9]
  hankki:metricsServer:
    chart: {version: 3.13.0}
`
	testfile.Write(t, path(from, "dev"), shipped)
	testfile.Write(t, path(folder, "dev"), "encryptionsalt: v1:former\nconfig:\n  hankki:database: {name: hankki_restored_20261129153000}\n")
	rendering := &Rendering{Directory: "/rendered", Charts: Charts{"hankki:metallb": "/charts/metallb", "hankki:metricsServer": "/charts/metrics-server"}}
	write(t, Stack{Name: "dev", Rendering: rendering}, from, folder)
	text := testfile.Read(t, path(folder, "dev"))
	for part, there := range map[string]bool{
		"directory: /rendered": true, "mode: verbatim": true, "path: /charts/metallb": true, "10.0.0.3-10.0.0.9": true,
		"/charts/metrics-server": false, "v1:abc": false, "hankki:signingKey: " + config.Placeholder("v1:abc") + "\n": true, "tomato": false, "redisPassword": false, "tea": false, "salt": false, "hashivault": false, "restored": false,
	} {
		t.Run(part, func(t *testing.T) {
			if strings.Contains(text, part) != there {
				t.Errorf("want %t in\n%s", there, text)
			}
		})
	}
	for _, settings := range []string{"hankki:metricsServer.install=true", "hankki:metricsServer.install=true hankki:metallb.chart.repository=https://charts"} {
		t.Run(settings, func(t *testing.T) {
			write(t, Stack{Name: "dev", Settings: strings.Fields(settings), Rendering: rendering}, from, folder)
			if got := values(t, folder, "dev", "hankki:metricsServer.chart.path")[0]; got != "" {
				t.Errorf("the configured chart of metrics-server is replaced by %q", got)
			}
			if got := values(t, folder, "dev", "hankki:metallb.chart.path")[0]; (got == "") != strings.Contains(settings, "metallb") {
				t.Errorf("the chart of MetalLB is %q", got)
			}
		})
	}
	testfile.Write(t, path(from, "dev"), "config:\n  hankki:metricsServer: {install: true}\n")
	write(t, Stack{Name: "dev", Rendering: rendering}, from, folder)
	if got := values(t, folder, "dev", "hankki:metricsServer.chart.path")[0]; got != "/charts/metrics-server" {
		t.Errorf("the chart of an installed metrics-server is %q", got)
	}
}

// A site's stack installs no chart: its program refuses the sections of the charts.
func TestRenderingOfASiteHasNoChart(t *testing.T) {
	rendering := &Rendering{Directory: "/rendered", Charts: Charts{"hankki:metallb": "/charts/metallb", "hankki:metricsServer": "/charts/metrics-server"}}
	for role, charts := range map[string]bool{"": true, "  hankki:role: all\n": true, "  hankki:role: platform\n": true, "  hankki:role: site\n": false, "  hankki:role: \"site\"\n": false} {
		t.Run(strings.TrimSpace(role), func(t *testing.T) {
			from, folder := t.TempDir(), t.TempDir()
			testfile.Write(t, path(from, "shop"), "config:\n  hankki:namespace: shop\n"+role)
			write(t, Stack{Name: "shop", Rendering: rendering}, from, folder)
			if text := testfile.Read(t, path(folder, "shop")); strings.Contains(text, "metallb") != charts || !strings.Contains(text, "/rendered") {
				t.Errorf("the charts should be there: %t\n%s", charts, text)
			}
		})
	}
}

// change sets a key of a stack's file.
func change(t *testing.T, file, key, value string) {
	t.Helper()
	stack, err := read(file)
	if err == nil {
		err = set(stack, key, value)
	}
	if err == nil {
		err = save(stack, file)
	}
	if err != nil {
		t.Fatal(err)
	}
}
