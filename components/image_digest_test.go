package components

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// strictIgnore is like the .dockerignore of the site's images: only listed files are in the build context.
const strictIgnore = "*\n!app\n!run.sh\n**/__pycache__\n"

// newContext creates a build context like those of the site's images.
func newContext(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for path, text := range map[string]string{
		".dockerignore": strictIgnore, "Dockerfile": "FROM scratch\nCOPY . .\n", "README.md": "read me", "run.sh": "exec app",
		"app/main.py": "print(1)", "app/db/model.py": "print(2)", "app/__pycache__/main.pyc": "cached", "tests/test_main.py": "assert True",
	} {
		put(t, dir, path, text)
	}
	return dir
}

func put(t *testing.T, dir, path, text string) {
	t.Helper()
	file := filepath.Join(dir, path)
	must(t, os.MkdirAll(filepath.Dir(file), 0o755))
	must(t, os.WriteFile(file, []byte(text), 0o644))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var bases = map[string]string{"PYTHON_IMAGE": "python:3.11.11", "NODE_IMAGE": "node:22.14.0"}

func digest(t *testing.T, dir string, args map[string]string) string {
	t.Helper()
	d, err := contextDigest(dir, args)
	must(t, err)
	if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(d) {
		t.Fatalf("%q is not a SHA-256 in hex", d)
	}
	return d
}

func TestContextDigestChangesWithBuildInputs(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, dir string) map[string]string{
		"content": func(t *testing.T, dir string) map[string]string {
			put(t, dir, "app/main.py", "print(3)")
			return bases
		},
		"content in a listed folder": func(t *testing.T, dir string) map[string]string {
			put(t, dir, "app/db/model.py", "print(3)")
			return bases
		},
		"mode": func(t *testing.T, dir string) map[string]string {
			must(t, os.Chmod(filepath.Join(dir, "run.sh"), 0o755))
			return bases
		},
		"added file": func(t *testing.T, dir string) map[string]string {
			put(t, dir, "app/new.py", "")
			return bases
		},
		"removed file": func(t *testing.T, dir string) map[string]string {
			must(t, os.Remove(filepath.Join(dir, "app/main.py")))
			return bases
		},
		"renamed file": func(t *testing.T, dir string) map[string]string {
			must(t, os.Rename(filepath.Join(dir, "app/main.py"), filepath.Join(dir, "app/other.py")))
			return bases
		},
		"renamed folder": func(t *testing.T, dir string) map[string]string {
			must(t, os.Rename(filepath.Join(dir, "app/db"), filepath.Join(dir, "app/da")))
			return bases
		},
		"content moved to the next file": func(t *testing.T, dir string) map[string]string {
			put(t, dir, "app/db/model.py", "print(2)print")
			put(t, dir, "app/main.py", "(1)")
			return bases
		},
		"build argument": func(*testing.T, string) map[string]string {
			return map[string]string{"PYTHON_IMAGE": "python:3.11.12", "NODE_IMAGE": "node:22.14.0"}
		},
		"removed build argument": func(*testing.T, string) map[string]string {
			return map[string]string{"PYTHON_IMAGE": "python:3.11.11"}
		},
		"listed in .dockerignore": func(t *testing.T, dir string) map[string]string {
			put(t, dir, ".dockerignore", strictIgnore+"!README.md\n")
			return bases
		},
		// A builder reads the Dockerfile even if .dockerignore excludes it.
		"Dockerfile": func(t *testing.T, dir string) map[string]string {
			put(t, dir, "Dockerfile", "FROM scratch\nCOPY . .\nUSER 10001\n")
			return bases
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := newContext(t)
			before := digest(t, dir, bases)
			if after := digest(t, dir, change(t, dir)); after == before {
				t.Error("the digest stays the same")
			}
		})
	}
}

func TestContextDigestIgnoresExcludedFiles(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, dir string){
		"nothing":                         func(*testing.T, string) {},
		"ignored file":                    func(t *testing.T, dir string) { put(t, dir, "README.md", "read me again") },
		"added ignored file":              func(t *testing.T, dir string) { put(t, dir, "tests/test_more.py", "assert True") },
		"ignored file in a listed folder": func(t *testing.T, dir string) { put(t, dir, "app/__pycache__/new.pyc", "cached") },
		"empty folder":                    func(t *testing.T, dir string) { must(t, os.Mkdir(filepath.Join(dir, "tests/empty"), 0o755)) },
		"times": func(t *testing.T, dir string) {
			long := time.Unix(1e9, 0)
			must(t, os.Chtimes(filepath.Join(dir, "app/main.py"), long, long))
		},
		"different umask":         func(t *testing.T, dir string) { must(t, os.Chmod(filepath.Join(dir, "app/main.py"), 0o664)) },
		"mode of an ignored file": func(t *testing.T, dir string) { must(t, os.Chmod(filepath.Join(dir, "README.md"), 0o600)) },
		"ignored dangling link": func(t *testing.T, dir string) {
			must(t, os.Symlink("nowhere", filepath.Join(dir, "tests/link")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := newContext(t)
			before := digest(t, dir, bases)
			change(t, dir)
			if after := digest(t, dir, bases); after != before {
				t.Error("the digest changes")
			}
		})
	}
}

// Two checkouts in different folders have the same digest.
func TestContextDigestIgnoresPathOfCheckout(t *testing.T) {
	here, there := digest(t, newContext(t), bases), digest(t, newContext(t), bases)
	if here != there {
		t.Error("the same content in two folders has two digests")
	}
}

func TestContextDigestWithoutDockerignore(t *testing.T) {
	dir := newContext(t)
	must(t, os.Remove(filepath.Join(dir, ".dockerignore")))
	before := digest(t, dir, bases)
	put(t, dir, "tests/test_more.py", "assert True")
	if digest(t, dir, bases) == before {
		t.Error("without .dockerignore every file counts, but the digest stays the same")
	}
}

// A symbolic link is part of the context as a link: its target's path counts, not the target's content.
func TestContextDigestDoesNotFollowLinks(t *testing.T) {
	dir := newContext(t)
	link := filepath.Join(dir, "app/link")
	seen := map[string]string{}
	for _, target := range []string{"main.py", "db", "nowhere"} { // a file, a folder, a missing file
		must(t, os.Symlink(target, link))
		d := digest(t, dir, bases)
		if other, found := seen[d]; found {
			t.Errorf("links to %s and %s give one digest", target, other)
		}
		seen[d] = target
		must(t, os.Remove(link))
	}
}

func TestContextDigestNamesMissingFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "missing")
	if _, err := contextDigest(dir, nil); err == nil {
		t.Error("a missing context has a digest")
	}
	dir = newContext(t)
	put(t, dir, ".dockerignore", "[a-")
	if _, err := contextDigest(dir, nil); err == nil {
		t.Error("a malformed .dockerignore is not noticed")
	}
}
