package tools_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Staging again, as each `make up` on the lab does, keeps the encryption salt and the namespace that `make move` wrote.
func TestStagingKeepsTheMovedNamespace(t *testing.T) {
	commands := commandsOf(t, "bash", "cat", "dirname", "mkdir", "grep", "sed", "mv", "ln")
	fakeCommand(t, commands, "pulumi", "exit 0")
	namespace := regexp.MustCompile(`(?m)^  hankki:namespace: .*\n`)
	for _, stack := range []string{"dev", "onprem"} { // dev sets no namespace, onprem does
		checkout := t.TempDir()
		copyTo(t, filepath.Join(checkout, "tools", "stage.sh"), "stage.sh")
		write(t, filepath.Join(checkout, "images", "README.md"), "")
		copyTo(t, filepath.Join(checkout, "Pulumi.yaml"), "../Pulumi.yaml")
		shipped := filepath.Join(checkout, "Pulumi."+stack+".yaml")
		copyTo(t, shipped, "../Pulumi."+stack+".yaml")
		folder := filepath.Join(checkout, "staged")
		file := filepath.Join(folder, filepath.Base(shipped))
		stage := func() string {
			t.Helper()
			c := script(t, filepath.Join(checkout, "tools", "stage.sh"), stack, folder, "hankki:kubeContext=lab")
			c.Env = []string{"PATH=" + commands, "HANKKI_PROGRAM=/program"}
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("stage.sh: %v\n%s", err, out)
			}
			return read(t, file)
		}
		if first := stage(); first != read(t, shipped) {
			t.Fatalf("%s is staged as\n%s", stack, first)
		}
		write(t, file, in("kitchen", namespace.ReplaceAllString(stage(), ""))+"encryptionsalt: v1:salt\n")
		for range 2 {
			if again := stage(); strings.Count(again, "hankki:namespace") != 1 || !strings.Contains(again, "  hankki:namespace: kitchen\n") || strings.Count(again, "encryptionsalt: v1:salt") != 1 {
				t.Errorf("%s is staged again as\n%s", stack, again)
			}
		}
		write(t, shipped, in("pantry", namespace.ReplaceAllString(read(t, shipped), "")))
		for range 2 {
			if changed := stage(); strings.Count(changed, "hankki:namespace") != 1 || !strings.Contains(changed, "  hankki:namespace: pantry\n") {
				t.Errorf("after a change of the namespace in the checkout, the staged file is\n%s", changed)
			}
		}
	}
}

// Staging again keeps the database that `make restore` wrote; another name comes from the checkout.
func TestStagingKeepsTheRestoredDatabase(t *testing.T) {
	commands := commandsOf(t, "bash", "cat", "dirname", "mkdir", "grep", "sed", "mv", "ln")
	checkout := t.TempDir()
	write(t, filepath.Join(checkout, "images", "README.md"), "")
	called := filepath.Join(checkout, "called")
	fakeCommand(t, commands, "pulumi", `echo "$@" >>`+called)
	copyTo(t, filepath.Join(checkout, "tools", "stage.sh"), "stage.sh")
	copyTo(t, filepath.Join(checkout, "Pulumi.yaml"), "../Pulumi.yaml")
	copyTo(t, filepath.Join(checkout, "Pulumi.dev.yaml"), "../Pulumi.dev.yaml")
	folder := filepath.Join(checkout, "staged")
	for name, kept := range map[string]bool{"hankki_restored_20261129153000": true, "hankki": false} {
		write(t, called, "")
		write(t, filepath.Join(folder, "Pulumi.dev.yaml"), "config:\n  hankki:database:\n    embedded: true\n    name: "+name+"\n")
		c := script(t, filepath.Join(checkout, "tools", "stage.sh"), "dev", folder, "hankki:kubeContext=lab")
		c.Env = []string{"PATH=" + commands, "HANKKI_PROGRAM=/program"}
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("stage.sh: %v\n%s", err, out)
		}
		if set := strings.Contains(read(t, called), "--plaintext hankki:database.name="+name+" --plaintext hankki:kubeContext=lab"); set != kept {
			t.Errorf("%s is kept: %t; pulumi was called with\n%s", name, set, read(t, called))
		}
	}
}

// in returns the stack file with the namespace added.
func in(namespace, file string) string {
	return strings.Replace(file, "config:\n", "config:\n  hankki:namespace: "+namespace+"\n", 1)
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
}

func copyTo(t *testing.T, to, from string) {
	t.Helper()
	write(t, to, read(t, from))
}
