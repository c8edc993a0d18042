package components

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The plugin docker-build 0.0.22 wrote this hash into a state for the same files.
func TestPluginHash(t *testing.T) {
	dir := newContext(t)
	for path, text := range map[string]string{
		".dockerignore": "*\n!app\n!app-x\n!run.sh\n**/__pycache__\n", "app-x/x.py": "x",
	} {
		put(t, dir, path, text)
	}
	must(t, os.Chmod(filepath.Join(dir, "run.sh"), 0o755))
	hash, err := pluginHash(dir)
	must(t, err)
	if want := "0899cf1f7eaff6303c2f9619e1ae025970579c19340e9a65722d790335363ea9"; hash != want {
		t.Errorf("the hash is %s, not %s", hash, want)
	}
}

// A different user name of the registry does not change an image that needs no build.
func TestLoginOfUnchangedImageComesFromState(t *testing.T) {
	dir := newContext(t)
	hash, err := pluginHash(dir)
	must(t, err)
	for name, row := range map[string]struct {
		former FormerImage
		source string
		want   string
	}{
		"unchanged":                                      {FormerImage{Source: "a", ContextHash: hash, Username: "cook"}, "a", "cook"},
		"unchanged, anonymous before":                    {FormerImage{Source: "a", ContextHash: hash}, "a", ""},
		"different source":                               {FormerImage{Source: "a", ContextHash: hash, Username: "cook"}, "b", "chef"},
		"different hash of the plugin":                   {FormerImage{Source: "a", ContextHash: "0", Username: "cook"}, "a", "chef"},
		"no image in the state":                          {FormerImage{}, "a", "chef"},
		"state without source":                           {FormerImage{ContextHash: hash, Username: "cook"}, "a", "chef"},
		"missing in the registry, so a different source": {FormerImage{Source: "a", ContextHash: hash, Username: "cook", Missing: true}, "a+1", "chef"},
		"rebuilt before, unchanged since":                {FormerImage{Source: "a+1", ContextHash: hash, Username: "cook"}, "a+1", "cook"},
	} {
		t.Run(name, func(t *testing.T) {
			login, err := ImageArgs{Context: dir, Former: row.former}.login(row.source, RegistryLogin{Server: "example.com", Username: "chef"})
			if err != nil || login.Username != row.want || login.Server != "example.com" {
				t.Errorf("the login is %+v, error %v; want the user %q", login, err, row.want)
			}
		})
	}
}

// With a pull Secret the image has no credentials, not even the user name of the state: the plugin then removes the password from the
// state.
func TestImageWithPullSecretHasNoCredentials(t *testing.T) {
	dir := newContext(t)
	hash, err := pluginHash(dir)
	must(t, err)
	for name, former := range map[string]FormerImage{
		"a new image":                {},
		"an image with another user": {Source: "a", ContextHash: hash, Username: "cook"},
	} {
		t.Run(name, func(t *testing.T) {
			login, err := ImageArgs{Context: dir, Former: former}.login("a", RegistryLogin{Server: "example.com", Username: "chef", PullSecret: "vault"})
			must(t, err)
			if got := registries(login); got != nil {
				t.Errorf("the credentials are %v", got)
			}
		})
	}
}

func TestSourceChangesIfRegistryLostImage(t *testing.T) {
	for _, row := range []struct {
		former FormerImage
		want   string
	}{
		{FormerImage{}, "d"},
		{FormerImage{Source: "d"}, "d"},
		{FormerImage{Source: "c"}, "d"},
		{FormerImage{Source: "c", Missing: true}, "d"},
		{FormerImage{Source: "d", Missing: true}, "d+1"},
		{FormerImage{Source: "d+1"}, "d+1"},
		{FormerImage{Source: "d+9", Missing: true}, "d+10"},
		{FormerImage{Source: "c+1"}, "d"},
		{FormerImage{Source: "dd"}, "d"},
	} {
		if got := row.former.source("d"); got != row.want {
			t.Errorf("after %+v the source is %s, not %s", row.former, got, row.want)
		}
	}
}

func TestSkippedImageIsReported(t *testing.T) {
	if line := leftOut("backend", "urn:x", map[string]string{SourceArg: "a"}, "a"); line != "" {
		t.Errorf("of an image that was built: %s", line)
	}
	for _, state := range []map[string]string{{SourceArg: "a"}, {"PYTHON_IMAGE": "a"}, nil} {
		line := leftOut("backend", "urn:x", state, "b")
		for _, word := range []string{`"backend"`, "--target 'urn:x'", "not built"} {
			if !strings.Contains(line, word) {
				t.Errorf("%q is not in the line %q", word, line)
			}
		}
	}
}

// Each setting of the build is part of the source. Otherwise the image would be pushed with the user name of the state.
func TestSourceCoversAllBuildInputs(t *testing.T) {
	args := ImageArgs{Context: newContext(t), Repository: "example.com/hankki/backend", BuildArgs: bases}
	settings := map[string]string{"platform": "linux/amd64", "instance": "hankki", "ca": "false"}
	seen := map[string]string{}
	check := func(what string, args ImageArgs) {
		_, source, err := args.withSource(settings)
		must(t, err)
		if other, found := seen[source]; found {
			t.Errorf("%s and %s are one source", what, other)
		}
		seen[source] = what
	}
	check("the image", args)
	other := args
	other.Repository = "example.com/kitchen/backend"
	check("another repository", other)
	for key, value := range map[string]string{"platform": "linux/arm64", "instance": "kitchen", "ca": "true"} {
		before := settings[key]
		settings[key] = value
		check("another "+key, args)
		settings[key] = before
	}
	if _, found := bases[SourceArg]; found {
		t.Error("the build arguments of the caller are changed")
	}
}
