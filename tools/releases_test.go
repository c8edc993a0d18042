package tools_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/config"
	"hankki/internal/release"
	"hankki/internal/stack"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

const cookPassword = "tHe-registry-pass"

// releasing is a program that deploys nothing, and writes the outputs of hankki. BUILT are the images that it builds, BEFORE
// are the releases before, and REPORT is the migration's.
func releasing(ctx *pulumi.Context) error {
	var images map[string]string
	if err := json.Unmarshal([]byte(os.Getenv("BUILT")), &images); err != nil {
		return err
	}
	var use struct{ Use map[string]string }
	if text, found := ctx.GetConfig("hankki:images"); found {
		if err := json.Unmarshal([]byte(text), &use); err != nil {
			return err
		}
		if len(use.Use) > 0 {
			images = use.Use
		}
	}
	if images["backend"] == os.Getenv("BROKEN") {
		return fmt.Errorf("the pods do not become ready")
	}
	before, err := release.ParseRecords(json.RawMessage(os.Getenv("BEFORE")))
	if err != nil {
		return err
	}
	now := release.Record{Since: time.Now().UTC(), Images: images}
	if now.Schema, err = release.ParseSchema(os.Getenv("REPORT")); err != nil {
		return err
	}
	records, err := release.Output(release.Add(before, now))
	if err != nil {
		return err
	}
	ctx.Export("images", pulumi.ToStringMap(images))
	ctx.Export(release.OutputName, pulumi.Any(records))
	return nil
}

// pantry is a registry over TLS by a private authority, with one login.
type pantry struct {
	*httptest.Server
	caFile string
}

func newPantry(t *testing.T) pantry {
	t.Helper()
	server := httptest.NewTLSServer(stacktest.Registry(cookPassword))
	t.Cleanup(server.Close)
	return pantry{server, testfile.Temporary(t, "ca.pem", stacktest.CertificateOf(server))}
}

func (p pantry) address() string { return p.Listener.Addr().String() }

func (p pantry) tag(t *testing.T, image string) name.Tag {
	t.Helper()
	tag, err := name.NewTag(p.address() + "/hankki/" + image)
	if err != nil {
		t.Fatal(err)
	}
	return tag
}

func (p pantry) options() []remote.Option {
	return []remote.Option{remote.WithAuth(&authn.Basic{Username: "cook", Password: cookPassword}), remote.WithTransport(p.Client().Transport)}
}

// build pushes new images of all tiers, as a build does, and returns them by tier. Images for several platforms are as good.
func (p pantry) build(t *testing.T) map[string]string {
	t.Helper()
	images := map[string]string{}
	for _, tier := range config.ImageNames {
		index, err := random.Index(64, 1, 2)
		if err != nil {
			t.Fatal(err)
		}
		if err := remote.WriteIndex(p.tag(t, tier+":latest"), index, p.options()...); err != nil {
			t.Fatal(err)
		}
		images[tier] = p.tag(t, tier).Context().Name() + "@" + digestOf(t, index)
	}
	return images
}

func digestOf(t *testing.T, index v1.ImageIndex) string {
	t.Helper()
	digest, err := index.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest.String()
}

// lacks deletes an image from the registry.
func (p pantry) lacks(t *testing.T, ref string) {
	t.Helper()
	digest, err := name.NewDigest(ref)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Delete(digest, p.options()...); err != nil {
		t.Fatal(err)
	}
}

// has reports whether the registry has a reference.
func (p pantry) has(t *testing.T, ref string) bool {
	t.Helper()
	parsed, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	_, err = remote.Index(parsed, p.options()...) // the whole of it
	return err == nil
}

// site is a stack of a project, with what its program does.
type site struct {
	*stack.Stack
	project project
	file    string
}

// newSite makes a stack whose images are in that registry. The file has comments.
func (p project) newSite(t *testing.T, name string, images pantry) site {
	t.Helper()
	s := site{project: p, file: filepath.Join(p.folder, "Pulumi."+name+".yaml")}
	p.run(t, "", "stack", "init", name)
	text := testfile.Read(t, s.file)
	testfile.Write(t, s.file, text+fmt.Sprintf(`# The values of the kitchen.
config:
  hankki:registry:
    server: %s # with a login
    prefix: hankki
    username: cook
    caFile: %s
  hankki:images:
    builder: buildkit # kept for later
`, images.address(), name+".pem"))
	authority, err := os.ReadFile(images.caFile)
	if err != nil {
		t.Fatal(err)
	}
	testfile.Write(t, filepath.Join(p.folder, name+".pem"), string(authority)) // relative to the project
	p.run(t, cookPassword, "config", "set", "--secret", "hankki:registryPassword", "--stack", name)
	if s.Stack, err = stack.Open(t.Context(), p.folder, name, p.environment()); err != nil {
		t.Fatal(err)
	}
	return s
}

// set sets what the program does from now on.
func (s site) set(t *testing.T, variable string, value any) {
	t.Helper()
	text, isText := value.(string)
	if !isText {
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		text = string(encoded)
	}
	s.Workspace().SetEnvVar(variable, text)
}

// nextSecond waits until the next second: Pulumi's history has whole seconds, and updates of the site are longer.
func nextSecond() { time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second))) }

// up deploys the images that the program builds.
func (s site) up(t *testing.T, built map[string]string, report string) error {
	t.Helper()
	state, err := s.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.set(t, "BEFORE", state.Output(release.OutputName))
	s.set(t, "BUILT", built)
	s.set(t, "REPORT", report)
	err = s.Deploy(t.Context(), io.Discard)
	state, unread := s.State(t.Context())
	if unread != nil {
		t.Fatal(unread)
	}
	s.set(t, "BEFORE", state.Output(release.OutputName))
	nextSecond()
	return err
}

func (s site) mustUp(t *testing.T, built map[string]string, report string) {
	t.Helper()
	if err := s.up(t, built, report); err != nil {
		t.Fatal(err)
	}
}

func (s site) text(t *testing.T) string {
	t.Helper()
	text := testfile.Read(t, s.file)
	return text
}

// expectUse checks that the stack's file has these images in images.use, its comments and its secrets.
func (s site) expectUse(t *testing.T, images map[string]string) {
	t.Helper()
	text := s.text(t)
	for _, words := range []string{"# The values of the kitchen.", "# with a login", "builder: buildkit # kept for later", "secure: "} {
		if !strings.Contains(text, words) {
			t.Errorf("%q is lost:\n%s", words, text)
		}
	}
	if strings.Contains(text, cookPassword) {
		t.Error("the file has the password in plain text")
	}
	for tier, ref := range images {
		if !strings.Contains(text, tier+": "+ref) {
			t.Errorf("images.use.%s is not %s:\n%s", tier, ref, text)
		}
	}
	if use := strings.Contains(text, "use:"); use != (images != nil) {
		t.Errorf("images.use is in the file: %t\n%s", use, text)
	}
}
