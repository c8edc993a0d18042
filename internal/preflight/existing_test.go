package preflight_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"hankki/internal/config"
	"hankki/internal/stacktest"
)

// imageFor returns an image of a platform.
func imageFor(t *testing.T, os, arch, variant string) v1.Image { //nolint:ireturn // the library has no other type for it
	t.Helper()
	image, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	file, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Variant = os, arch, variant
	if image, err = mutate.ConfigFile(image, file); err != nil {
		t.Fatal(err)
	}
	return image
}

// indexOf is what BuildKit pushes for several platforms, with an attestation.
func indexOf(t *testing.T, platforms ...string) v1.ImageIndex { //nolint:ireturn // the library has no other type for it
	t.Helper()
	index := v1.ImageIndex(empty.Index)
	for _, text := range append(platforms, "unknown/unknown") {
		platform, err := v1.ParsePlatform(text)
		if err != nil {
			t.Fatal(err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: imageFor(t, platform.OS, platform.Architecture, ""), Descriptor: v1.Descriptor{Platform: platform},
		})
	}
	return index
}

// push returns the reference by digest of what is in the repository hankki/NAME from then on.
func (s *system) push(t *testing.T, image string, content remote.Taggable) string {
	t.Helper()
	tag, err := name.NewTag(s.address() + "/hankki/" + image + ":latest")
	if err != nil {
		t.Fatal(err)
	}
	login := remote.WithAuth(&authn.Basic{Username: "cook", Password: goodPassword})
	if err := remote.Push(tag, content, login, remote.WithTransport(s.Client().Transport)); err != nil {
		t.Fatal(err)
	}
	descriptor, err := remote.Head(tag, login, remote.WithTransport(s.Client().Transport))
	if err != nil {
		t.Fatal(err)
	}
	return tag.Context().Name() + "@" + descriptor.Digest.String()
}

// using is a stack that runs what the registry has.
func using(t *testing.T, registry *system) *config.Config {
	t.Helper()
	c := stack(registry.address())
	c.Images = config.Images{Builder: config.BuilderDocker, Platform: "linux/amd64", Use: config.Use{
		Redis:    registry.push(t, "redis", imageFor(t, "linux", "amd64", "")),
		Backend:  registry.push(t, "backend", indexOf(t, "linux/amd64", "linux/arm64")),
		Frontend: registry.push(t, "frontend", imageFor(t, "linux", "amd64", "v2")),
	}}
	return c
}

// Neither a Docker engine nor the permission to push is needed.
func TestImagesInUseNeedNoBuilder(t *testing.T) {
	newCluster(t, http.StatusOK)
	t.Setenv("DOCKER_HOST", "tcp://"+stacktest.ClosedAddress(t))
	registry := newRegistry(t, "https", loopback)
	c := using(t, registry)
	c.Registry.CAFile = caFile(t, registry)
	before := len(registry.requests())
	accepted(t, c)
	asked := registry.requests()[before:]
	if slices.ContainsFunc(asked, func(request string) bool {
		return !strings.HasPrefix(request, "GET ") && !strings.HasPrefix(request, "HEAD ")
	}) {
		t.Errorf("the registry is asked for %q", asked)
	}
}

// All that is wrong with the images is one error, before anything changes.
func TestImagesInUseThatCanNotRun(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := newRegistry(t, "http", loopback)
	c := using(t, registry)
	missing := "@sha256:" + strings.Repeat("0", 64)
	repository, _, _ := strings.Cut(c.Images.Use.Redis, "@")
	c.Images.Use.Redis = repository + missing
	c.Images.Use.Backend = registry.push(t, "backend", indexOf(t, "linux/arm64", "linux/s390x"))
	c.Images.Use.Frontend = registry.push(t, "frontend", imageFor(t, "linux", "arm64", "v8"))
	text := refused(t, c, 3, "images.use.redis: ", repository+missing, "make promote", "make releases",
		"images.use.backend: ", "linux/arm64, linux/s390x", "images.use.frontend: ", "linux/arm64/v8", `images.platform "linux/amd64"`)
	if strings.Contains(text, "unknown/unknown") {
		t.Errorf("an attestation counts as a platform:\n%s", text)
	}
	c.Images.Use.Frontend = registry.push(t, "frontend", imageFor(t, "", "", ""))
	refused(t, c, 3, "images.use.frontend: ", "no known platform")
	c.Images.Platform = "linux/arm64"
	c.Images.Use.Frontend = registry.push(t, "frontend", imageFor(t, "linux", "arm64", "v8"))
	refused(t, c, 1, "images.use.redis")
}

// An error of config is reported once. The other images are checked in the same run.
func TestImagesInUseAreCheckedBesideOnesThatAreNoDigest(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := newRegistry(t, "http", loopback)
	c := using(t, registry)
	c.Images.Use.Backend = "backend:latest"
	repository, _, _ := strings.Cut(c.Images.Use.Redis, "@")
	c.Images.Use.Redis = repository + "@sha256:" + strings.Repeat("0", 64)
	refused(t, c, 1, "images.use.redis")
}

func TestImagesInUseNeedTheRegistry(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := newRegistry(t, "http", loopback)
	c := using(t, registry)
	c.Secrets.RegistryPassword = badPassword
	refused(t, c, 3, append(registryKeys, "images.use.backend", "401")...)
	registry.Close()
	refused(t, c, 3, append(registryKeys, "images.use.backend", "connection refused")...)
	slow := serve(t, "http", loopback, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	c.Registry.Server = slow.address()
	for _, ref := range []*string{&c.Images.Use.Redis, &c.Images.Use.Backend, &c.Images.Use.Frontend} {
		_, path, _ := strings.Cut(*ref, "/")
		*ref = slow.address() + "/" + path
	}
	ctx, cancel := context.WithTimeout(t.Context(), 1)
	defer cancel()
	if err := check(ctx, c); err == nil || !strings.Contains(err.Error(), "the limit of the checks") {
		t.Errorf("error %v", err)
	}
}
