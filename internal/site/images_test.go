package site

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"hankki/internal/config"
	"hankki/internal/testfile"
)

var byDigest = regexp.MustCompile(`^registry\.example\.com/hankki/[a-z]+@sha256:[0-9a-f]{64}$`)

// imageOf returns the image of a pod.
func imageOf(r registration) string {
	return fmt.Sprint(at(r.inputs, "spec.template.spec.containers.0.image"))
}

func TestPodsUseImagesByDigest(t *testing.T) {
	for name, s := range variants(t) {
		if s.stack != "onprem" {
			continue // its images have another registry's name
		}
		t.Run(name, func(t *testing.T) {
			e := s.deployed(t)
			for _, app := range []string{"redis", "backend", "frontend"} {
				image := imageOf(e.one(t, deploymentType, app))
				if !byDigest.MatchString(image) || !strings.HasPrefix(image, "registry.example.com/hankki/"+app+"@") {
					t.Errorf("%s runs %s, not its repository@sha256:<hex>", app, image)
				}
				if !strings.Contains(name, "rendered") && !strings.HasSuffix(image, "@"+digestOf(app)) {
					t.Errorf("%s runs %s, not the digest that the builder gave", app, image)
				}
			}
			if migration, api := imageOf(e.one(t, jobType, "backend-release")), imageOf(e.one(t, deploymentType, "backend")); migration != api {
				t.Errorf("the migration runs %s, the API %s", migration, api)
			}
		})
	}
}

// Without a builder the digest is that of the source: three folders have three digests, which are stable.
func TestRenderedImagesAreTheDigestsOfTheirSource(t *testing.T) {
	render := func() map[string]string {
		images := map[string]string{}
		e := shipped(t, "onprem").set("render.directory", "manifests").deployed(t)
		for _, r := range e.all(deploymentType) {
			images[r.name] = imageOf(r)
		}
		return images
	}
	first, second := render(), render()
	digests := map[string]string{}
	for app, image := range first {
		if image != second[app] {
			t.Errorf("%s renders to %s, then to %s", app, image, second[app])
		}
		_, digest, _ := strings.Cut(image, "@")
		if other, found := digests[digest]; found {
			t.Errorf("%s and %s have one digest", app, other)
		}
		digests[digest] = app
	}
	if mirrored := shipped(t, "onprem").set("render.directory", "manifests").set("baseImages.mirror", "mirror.example.com").deployed(t); imageOf(
		mirrored.one(t, deploymentType, "backend")) == first["backend"] {
		t.Error("another base image does not change what is rendered")
	}
}

func TestDockerBuilds(t *testing.T) {
	e := shipped(t, "onprem").set("baseImages.mirror", "mirror.example.com").deployed(t)
	match(t, e.one(t, dockerImageType, "frontend"), map[string]any{
		"imageName":        "registry.example.com/hankki/frontend:latest",
		"build.context":    "images/frontend", // relative: an absolute path would be a change on another machine
		"build.dockerfile": "images/frontend/Dockerfile",
		"build.platform":   "linux/amd64", "build.builderVersion": "BuilderBuildKit", "skipPush": false,
		"build.args": map[string]any{
			"NODE_IMAGE": "mirror.example.com/library/node:22.14.0-bookworm-slim", "NGINX_IMAGE": "mirror.example.com/library/nginx:1.28.0-bookworm",
		},
		"registry.server": "registry.example.com", "registry.username": "hankki", "registry.password": hiddenValue,
	})
	for app, args := range map[string]map[string]any{
		"backend": {"PYTHON_IMAGE": "mirror.example.com/library/python:3.11.11-slim-bookworm"},
		"redis":   {"REDIS_IMAGE": "mirror.example.com/library/redis:7.0.15-bookworm"},
	} {
		t.Run(app, func(t *testing.T) {
			match(t, e.one(t, dockerImageType, app), map[string]any{"build.context": "images/" + app, "build.args": args})
		})
	}
}

func TestBuildKitBuilds(t *testing.T) {
	ca := testfile.Temporary(t, "ca.pem", "certificate-of-the-proxy")
	e := shipped(t, "onprem").set("images", map[string]any{"builder": "buildkit", "instance": "kitchen", "caFile": ca}).deployed(t)
	match(t, e.one(t, buildKitImageType, "backend"), map[string]any{
		"tags": []any{"registry.example.com/hankki/backend:latest"}, "context.location": "images/backend",
		"buildArgs.PYTHON_IMAGE": "docker.io/library/python:3.11.11-slim-bookworm",
		"builder":                map[string]any{"name": "kitchen"}, "platforms": []any{"linux/amd64"},
		"push": true, "buildOnPreview": false, "secrets": hiddenValue,
	})
	if secrets := at(e.one(t, buildKitImageType, "backend").revealed, "secrets.ca"); secrets != "certificate-of-the-proxy" {
		t.Errorf("the build secret ca is %v", secrets)
	}
	if missing, _ := shipped(t, "onprem").set("images", map[string]any{"builder": "buildkit", "caFile": ca + "x"}).run(&engine{}); missing == nil ||
		!strings.Contains(missing.Error(), "images.caFile") {
		t.Errorf("a missing images.caFile is not named: %v", missing)
	}
}

// imagesInUse are images of onprem's registry, by tier. They have the digests of those that its builder makes.
func imagesInUse() map[string]any {
	all := map[string]any{}
	for _, app := range config.ImageNames {
		all[app] = "registry.example.com/hankki/" + app + "@" + digestOf(app)
	}
	return all
}

func TestImagesInUseAreNotBuilt(t *testing.T) {
	for _, builder := range []string{"docker", "buildkit"} {
		t.Run(builder, func(t *testing.T) {
			e := shipped(t, "onprem").set("images.builder", builder).set("images.use", imagesInUse()).deployed(t)
			for _, typ := range []string{dockerImageType, buildKitImageType, providerPrefix + "docker-build"} {
				if built := e.all(typ); len(built) > 0 {
					t.Errorf("%s is registered", built[0].urn)
				}
			}
		})
	}
	e := shipped(t, "onprem").set("render.directory", "manifests").set("images.use", imagesInUse()).deployed(t)
	if image := imageOf(e.one(t, deploymentType, "backend")); image != imagesInUse()["backend"] {
		t.Errorf("a rendering has the image %s", image)
	}
}
