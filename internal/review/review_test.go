package review

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"hankki/internal/guardrails"
	"hankki/internal/manifest"
	"hankki/internal/testfile"
)

var update = flag.Bool("update", false, "write the golden files: go test ./internal/review -update")

// resources reads the documents of a file in testdata.
func resources(t *testing.T, file string) (all []manifest.Resource) {
	t.Helper()
	text := testfile.Read(t, filepath.Join("testdata", file))
	return documents(t, text)
}

func documents(t *testing.T, text string) (all []manifest.Resource) {
	t.Helper()
	for document := range strings.SplitSeq(text, "---\n") {
		var r manifest.Resource
		if err := yaml.Unmarshal([]byte(document), &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// sample returns a review of two renderings with many changes.
func sample(t *testing.T) Report {
	t.Helper()
	base, head := t.TempDir(), t.TempDir()
	for folder, text := range map[string]string{base: "print(1)", head: "print(2)"} {
		testfile.Write(t, filepath.Join(folder, "images/backend/Dockerfile"), "FROM scratch")
		testfile.Write(t, filepath.Join(folder, "images/backend/app.py"), text)
		testfile.Write(t, filepath.Join(folder, "images/frontend/app.ts"), text) // not built: images.use
	}
	used := map[string]any{"frontend": "registry.example.com/hankki/frontend@sha256:" + strings.Repeat("d", 64)}
	was := rendering{exists: true, resources: resources(t, "before.yaml"), file: stackFile{Config: map[string]any{
		"hankki:backend": map[string]any{"replicas": 5}, "hankki:signingKey": map[string]any{"secure": "v1:a"},
	}}}
	is := rendering{exists: true, resources: resources(t, "after.yaml"), file: stackFile{Config: map[string]any{
		"hankki:backend": map[string]any{"replicas": 3}, "hankki:signingKey": map[string]any{"secure": "v1:b"}, "hankki:redisPassword": "tomato-soup",
		"hankki:images": map[string]any{"use": used},
	}}}
	exceptions := []guardrails.Exception{{Rule: "documented-connections-only", Of: []string{"Deployment/*/*"}, Because: "The sample has no policy.", Until: "2027-01-31"}}
	s, err := reviewed("onprem", was, is, base, head, exceptions)
	if err != nil {
		t.Fatal(err)
	}
	return Report{
		Base: Revision{Name: "1111111111, where origin/main and the working tree part", Commit: "1111111111"},
		Head: Revision{Name: "the working tree", Commit: "2222222222"}, Stacks: []Stack{s},
	}
}

// The three formats of a report equal the files in testdata. `go test ./internal/review -update` writes them.
func TestReport(t *testing.T) {
	report := sample(t)
	var text, markdown strings.Builder
	report.Text(&text)
	report.Markdown(&markdown)
	document, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	for file, got := range map[string]string{"report.txt": text.String(), "report.md": markdown.String(), "report.json": string(document) + "\n"} {
		golden := filepath.Join("testdata", file)
		if *update {
			testfile.Write(t, golden, got)
		}
		want := testfile.Read(t, golden)
		if got != want {
			t.Errorf("%s differs; `go test ./internal/review -update` writes it:\n%s", file, got)
		}
		if strings.Contains(got, "tomato-soup") || strings.Contains(got, "v1:a") {
			t.Errorf("%s shows a secret", file)
		}
	}
	if !report.Stopped() {
		t.Error("a violated guard rail does not stop the change")
	}
}

// A comment has the whole summary at any limit, counts the omitted objects, and closes its code blocks.
func TestMarkdownHasALimit(t *testing.T) {
	report := sample(t)
	whole := report.markdown(commentLimit)
	summary, _, _ := strings.Cut(whole, "\n<details>")
	for limit := len(summary) + notShown; limit <= len(whole)+notShown; limit += 97 {
		text := report.markdown(limit)
		if len(text) > limit || !strings.HasPrefix(text, summary) {
			t.Fatalf("limit %d: %d bytes, or the summary is cut:\n%s", limit, len(text), text)
		}
		if open := strings.Count(text, "<details>"); open != strings.Count(text, "</details>") || strings.Count(text, "\n```")%2 != 0 {
			t.Fatalf("limit %d: a code block is not closed:\n%s", limit, text)
		}
		if shown := strings.Count(text, "```diff"); strings.Contains(text, "<details>") && shown < len(report.Stacks[0].Objects) && !strings.Contains(text, fmt.Sprintf("%d object", len(report.Stacks[0].Objects)-shown)) {
			t.Errorf("limit %d: %d of %d objects are shown, and the omitted ones are not counted:\n%s", limit, shown, len(report.Stacks[0].Objects), text)
		}
	}
	if text := report.markdown(600); len(text) > 600 || !strings.Contains(text, "is truncated here") {
		t.Errorf("a summary beyond the limit:\n%s", text)
	}
}

// Text from a pull request cannot end a code block.
func TestCodeBlockIsNotEndedByItsText(t *testing.T) {
	text := "a\n```\n@everybody <img src=x>\n````\n"
	if got := fenced("", text); !strings.HasPrefix(got, "`````\n") || !strings.HasSuffix(got, "\n`````\n") {
		t.Errorf("%q", got)
	}
}

// Equal renderings have no changes.
func TestEqualRenderingsHaveNoChange(t *testing.T) {
	one := rendering{exists: true, resources: resources(t, "before.yaml")}
	s, err := reviewed("onprem", one, one, t.TempDir(), t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Violations = nil
	if len(s.Objects) != 0 || s.headline() != "nothing changes" {
		t.Errorf("%s: %v", s.headline(), s.Objects)
	}
}

// Only stacks with the role site use the pools of another stack.
func TestServicesOfSitesAreOfTheReview(t *testing.T) {
	one := func(role any) rendering {
		return rendering{file: stackFile{Config: map[string]any{"hankki:role": role}}, resources: make([]manifest.Resource, 1)}
	}
	if got := ofSites([]rendering{one("site"), one("all"), one("platform"), one(nil), one("site")}); len(got) != 2 {
		t.Errorf("%d resources, want those of two sites", len(got))
	}
}

// Images of images.use are not built: neither changed files nor changed settings rebuild them. Without images.use they are built again.
func TestImagesInUseAreNotRebuilt(t *testing.T) {
	base, head := t.TempDir(), t.TempDir()
	testfile.Write(t, filepath.Join(base, "images/backend/app.py"), "print(1)")
	testfile.Write(t, filepath.Join(head, "images/backend/app.py"), "print(2)")
	const used = "registry.example.com/team/backend:v1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	built := rendering{exists: true, resources: resources(t, "before.yaml")}
	promoted := rendering{exists: true, file: stackFile{Config: map[string]any{"hankki:images": map[string]any{"use": map[string]any{"backend": used}}}}}
	text, err := os.ReadFile("testdata/before.yaml")
	if err != nil {
		t.Fatal(err)
	}
	promoted.resources = documents(t, regexp.MustCompile(`image: \S+/backend@\S+`).ReplaceAllString(string(text), "image: "+used))
	for name, c := range map[string]struct {
		was, is         rendering
		headline, lines string
	}{
		"used":        {built, promoted, "0 images rebuilt, 1 image by images.use", "Images by images.use, not built\nbackend: " + used},
		"built again": {promoted, built, "1 image rebuilt", "Rebuilt images\nbackend: 1 file of images/backend"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := reviewed("onprem", c.was, c.is, base, head, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(s.headline(), c.headline) || strings.Contains(s.headline(), "images.use") != strings.Contains(c.headline, "images.use") {
				t.Errorf("the headline is %q", s.headline())
			}
			var lines []string
			for _, section := range s.sections() {
				lines = append(lines, section.title+"\n"+strings.Join(section.lines, "\n"))
			}
			if text := strings.Join(lines, "\n"); !strings.Contains(text, c.lines) {
				t.Errorf("%q is missing in\n%s", c.lines, text)
			}
		})
	}
}

// Several variables of one Secret are one reason for a restart; those of another Secret are another.
func TestChangedSecretIsListedOnce(t *testing.T) {
	const env = "spec.template.spec.containers[flask].env["
	field := func(variable, was, is any) manifest.Field {
		return manifest.Field{Path: fmt.Sprintf("%s%v].valueFrom.secretKeyRef.name", env, variable), Old: was, New: is}
	}
	got := reasons([]manifest.Field{
		field("A", "backend-1", "backend-2"), field("B", "backend-1", "backend-2"), field("C", "registry-1", "registry-2"), field("D", "backend-1", "backend-2"),
		{Path: env + "E].value", Old: "1", New: "2"}, field("F", nil, "backend-2"), {Path: "metadata.labels.a", Old: "1", New: "2"},
	})
	want := []string{
		"containers[flask].env[A].valueFrom.secretKeyRef.name: backend-1 → backend-2 (a Secret with changed content), and 2 further fields",
		"containers[flask].env[C].valueFrom.secretKeyRef.name: registry-1 → registry-2 (a Secret with changed content)",
		"containers[flask].env[E].value: 1 → 2",
		"containers[flask].env[F].valueFrom.secretKeyRef.name: none → backend-2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the reasons are\n%s, want\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A stack that only one of the revisions has is added or removed.
func TestStackInOneRevisionOnly(t *testing.T) {
	one := rendering{exists: true, resources: resources(t, "before.yaml")}
	for name, c := range map[string]struct {
		was, is  rendering
		messages string
		op       Op
	}{"comes": {rendering{}, one, "new", Created}, "goes": {one, rendering{}, "its file is deleted", Deleted}} {
		t.Run(name, func(t *testing.T) {
			s, err := reviewed("onprem", c.was, c.is, t.TempDir(), t.TempDir(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if life := strings.Join(s.life(), ""); !strings.Contains(life, c.messages) || number(s.Objects, func(o Object) bool { return o.Op == c.op || o.Op == Left }) != len(one.resources) {
				t.Errorf("%s %v", life, s.Objects)
			}
		})
	}
}
