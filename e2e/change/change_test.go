package change_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"hankki/e2e/change"
	"hankki/internal/testfile"
)

var update = flag.Bool("update", false, "write the table into docs/operations.md")

const operations = "../../docs/operations.md"

// declared are the keys of Pulumi.yaml.
func declared(t *testing.T) (keys []string) {
	t.Helper()
	text, err := os.ReadFile("../../Pulumi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var project struct {
		Config map[string]any `yaml:"config"`
	}
	if err := yaml.Unmarshal(text, &project); err != nil {
		t.Fatalf("Pulumi.yaml: %v", err)
	}
	for key := range project.Config {
		keys = append(keys, strings.TrimPrefix(key, "hankki:"))
	}
	if len(keys) < 10 {
		t.Fatalf("Pulumi.yaml declares only %v", keys)
	}
	return keys
}

func TestEveryKeyHasARow(t *testing.T) {
	keys := change.Keys(declared(t))
	described := map[string]bool{}
	for _, row := range change.Rows {
		for _, key := range row.Keys {
			described[key] = true
			if !slices.Contains(keys, key) {
				t.Errorf("the row %q is about %s, which is no key", row.Title(), key)
			}
		}
	}
	for _, key := range keys {
		if !described[key] {
			t.Errorf("%s has no row: describe in e2e/change what a change of it does", key)
		}
	}
	for _, key := range declared(t) {
		if !slices.ContainsFunc(keys, func(k string) bool { return k == key || strings.HasPrefix(k, key+".") }) {
			t.Errorf("config.Config has no field for %s of Pulumi.yaml", key)
		}
	}
}

func TestEveryRowHasATest(t *testing.T) {
	names := map[string]bool{}
	for _, row := range change.Rows {
		if (row.Try == nil) == (row.NotTried == "") {
			t.Errorf("the row %q needs either a Try or the reason why there is none", row.Title())
		}
		if row.Try == nil {
			continue
		}
		if row.Try.Name == "" || names[row.Try.Name] {
			t.Errorf("the row %q needs a name of its own, not %q", row.Title(), row.Try.Name)
		}
		names[row.Try.Name] = true
		if (row.Try.Do == 0) != (row.Try.Undo == 0) {
			t.Errorf("the row %q is not taken back", row.Title())
		}
		if len(row.Try.Set) == 0 && row.Try.Do == 0 {
			t.Errorf("the row %q changes nothing", row.Title())
		}
		for path := range row.Try.Set {
			if key, _, _ := strings.Cut(path, "["); !slices.Contains(change.Keys(declared(t)), key) {
				t.Errorf("the row %q sets %s, which is no key", row.Title(), path)
			}
		}
		if row.Gap > 0 && row.GapOf == "" {
			t.Errorf("the row %q does not name what can't be reached", row.Title())
		}
	}
}

// The table quotes each refusal, and the test on the lab expects it. A key at its start may be an argument of the error's format.
func TestRefusalsAreInTheSources(t *testing.T) {
	sources := testfile.Sources(t, "../..")
	for _, row := range change.Rows {
		_, message, _ := strings.Cut(row.Refused, " ")
		if !strings.Contains(sources, row.Refused) && !strings.Contains(sources, "%s "+message) {
			t.Errorf("the row %q quotes the error %q, which no source contains", row.Title(), row.Refused)
		}
	}
}

// The section ends with the table. `go test ./e2e/change -update` writes it.
func TestTheTableIsThatOfTheRows(t *testing.T) {
	text, err := os.ReadFile(operations)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), change.Header)
	if !found {
		t.Fatalf("%s has no table with the head\n%s", operations, change.Header)
	}
	end := 0
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		end += len(line)
	}
	written, want := change.Header+rest[:end], change.Table(change.Rows)
	if *update {
		if err := os.WriteFile(operations, []byte(before+want+rest[end:]), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if written != want {
		t.Errorf("the table of docs/operations.md is not that of the rows; `go test ./e2e/change -update` writes it:\n%s", want)
	}
}
