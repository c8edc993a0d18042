package site

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
	"hankki/internal/stacktest"
	"hankki/internal/state"
)

// pantry is a registry with one image. It records write requests.
type pantry struct {
	address, digest string
	refuses         bool // rejects every further request
	mu              sync.Mutex
	written         []string
}

func newPantry(t *testing.T) *pantry {
	t.Helper()
	p := &pantry{}
	images := stacktest.Registry("")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.refuses {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		if r.Method == http.MethodPut {
			p.written = append(p.written, r.URL.Path)
		}
		images.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.address = server.Listener.Addr().String()
	image, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	digest, err := image.Digest()
	if err != nil {
		t.Fatal(err)
	}
	p.digest = digest.String()
	latest, err := name.NewTag(p.address + "/hankki/backend:latest")
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(latest, image); err != nil {
		t.Fatal(err)
	}
	p.written = nil
	return p
}

// former returns what a run finds of the image "backend" in the state.
func (p *pantry) former(t *testing.T, r state.Resource, options ...pulumi.RunOption) (former components.FormerImage, known bool) {
	t.Helper()
	cfg := &config.Config{Registry: config.Registry{Server: p.address, Prefix: "hankki"}}
	has := state.State{Resources: map[state.Key]state.Resource{
		{Type: "hankki:components:Backend$hankki:components:Image$" + r.Type, Name: "backend"}: r,
		{Type: "kubernetes:core/v1:Service", Name: "frontend"}:                                 {Type: "kubernetes:core/v1:Service"},
	}}
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		images, err := newPushedImages(ctx, cfg, has)
		former, known = images.former["backend"]
		return err
	}, append(options, pulumi.WithMocks("hankki", "test", &engine{}))...)
	if err != nil {
		t.Fatal(err)
	}
	return former, known
}

func (p *pantry) buildKit(digest string) state.Resource {
	return state.Resource{Type: components.BuildKitImageType, Outputs: map[string]any{
		"tags": []any{p.address + "/hankki/backend:latest"}, "digest": digest, "contextHash": "hash",
		"buildArgs":  map[string]any{components.SourceArg: "source"},
		"registries": []any{map[string]any{"address": p.address, "username": "cook"}},
	}}
}

var missingDigest = "sha256:" + strings.Repeat("0", 64)

func TestImagesInStateAreCheckedInRegistry(t *testing.T) {
	p := newPantry(t)
	there := components.FormerImage{Source: "source", ContextHash: "hash", Username: "cook"}
	gone := there
	gone.Missing = true
	docker := func(digest string) state.Resource {
		return state.Resource{Type: components.DockerImageType, Outputs: map[string]any{
			"imageName": p.address + "/hankki/backend:latest", "repoDigest": p.address + "/hankki/backend@" + digest,
		}}
	}
	old := p.buildKit(p.digest)
	old.Outputs["buildArgs"], old.Outputs["registries"] = map[string]any{"PYTHON_IMAGE": "python"}, nil
	for name, row := range map[string]struct {
		resource state.Resource
		want     components.FormerImage
	}{
		"buildkit":                        {p.buildKit(p.digest), there},
		"buildkit, missing":               {p.buildKit(missingDigest), gone},
		"buildkit, of an earlier version": {old, components.FormerImage{ContextHash: "hash"}},
		"docker":                          {docker(p.digest), components.FormerImage{}},
		"docker, missing":                 {docker(missingDigest), components.FormerImage{Missing: true}},
	} {
		t.Run(name, func(t *testing.T) {
			if former, known := p.former(t, row.resource); !known || former != row.want {
				t.Errorf("it is %+v, not %+v", former, row.want)
			}
		})
	}
}

// The running image is tagged before a build moves the tag latest. A preview only reads.
func TestImageOfTheStateIsTaggedByAnUp(t *testing.T) {
	p := newPantry(t)
	for range 2 {
		p.former(t, p.buildKit(p.digest), stacktest.Preview)
	}
	if len(p.written) > 0 {
		t.Errorf("a preview writes %v", p.written)
	}
	for range 2 {
		p.former(t, p.buildKit(p.digest))
	}
	if len(p.written) != 1 || !strings.HasPrefix(p.written[0], "/v2/hankki/backend/manifests/sha256-") {
		t.Errorf("two ups write %v, not one tag", p.written)
	}
}

// A registry that rejects a request has not lost the image: a rebuild would replace pods without need.
func TestUnreachableRegistryHasNotLostImage(t *testing.T) {
	p := newPantry(t)
	p.refuses = true
	if former, known := p.former(t, p.buildKit(p.digest)); !known || former.Missing {
		t.Errorf("it is %+v", former)
	}
}

// After a change of registry.server or prefix, the image in the state belongs to another repository.
func TestImageOfOtherRepositoryIsNotChecked(t *testing.T) {
	p := newPantry(t)
	elsewhere := p.buildKit(missingDigest)
	elsewhere.Outputs["tags"] = []any{"former.example.com/hankki/backend:latest"}
	unpushed := p.buildKit("")
	for _, r := range []state.Resource{elsewhere, unpushed, {Type: components.DockerImageType}, {Type: components.BuildKitImageType}} {
		if former, known := p.former(t, r); known {
			t.Errorf("of %v it is %+v", r.Outputs, former)
		}
	}
}
