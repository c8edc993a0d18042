package config_test

import (
	"strings"
	"testing"

	"hankki/internal/config"
)

const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// inUse are the images of a valid stack, by tier.
func inUse() map[string]any {
	all := map[string]any{}
	for _, image := range config.ImageNames {
		all[image] = "registry.example.com:5000/hankki/" + image + "@" + digest
	}
	return all
}

func TestImagesByDigestAreAccepted(t *testing.T) {
	images := inUse()
	images["redis"] = "registry.example.com:5000/another/team/redis@" + digest
	images["backend"] = "registry.example.com:5000/hankki/backend:latest@" + digest // a digest beside a tag decides
	c := load(t, valid().set("images.use", images))
	if !c.Images.Use.Given() || c.Images.Use.Of("frontend") != images["frontend"] {
		t.Errorf("images.use is %+v", c.Images.Use)
	}
	if load(t, valid()).Images.Use.Given() {
		t.Error("a stack without images.use builds nothing")
	}
	for _, image := range config.ImageNames {
		images[image] = "docker.io/cook/" + image + "@" + digest
	}
	images["frontend"] = "index.docker.io/cook/frontend@" + digest
	load(t, valid().set("registry.server", "docker.io").set("images.use", images))
}

func TestEachWrongImageIsOneLine(t *testing.T) {
	for name, row := range map[string]struct {
		image any
		says  []string
	}{
		"missing":          {"", []string{"images.use.backend is missing", "all images or none"}},
		"tag":              {"registry.example.com:5000/hankki/backend:v1", []string{"images.use.backend", `hankki/backend:v1"`, "digest", "registry.example.com:5000/hankki/backend@sha256:"}},
		"short digest":     {"registry.example.com:5000/hankki/backend@sha256:0123", []string{"images.use.backend", "@sha256:0123", "digest"}},
		"digest alone":     {digest, []string{"images.use.backend", "digest"}},
		"another registry": {"other.example.com/hankki/backend@" + digest, []string{"images.use.backend", `"other.example.com/hankki/backend@`, `registry.server "registry.example.com:5000"`, "make promote"}},
		"no registry":      {"hankki/backend@" + digest, []string{"images.use.backend", "digest"}},
		"another tier":     {"registry.example.com:5000/hankki/frontend@" + digest, []string{"images.use.backend", "image of frontend"}},
	} {
		t.Run(name, func(t *testing.T) {
			images := inUse()
			images["backend"] = row.image
			lines := errorLines(t, valid().set("images.use", images))
			if len(lines) != 1 || !names(lines[0], row.says...) {
				t.Errorf("want one line that names %q:\n%s", row.says, strings.Join(lines, "\n"))
			}
		})
	}
	lines := errorLines(t, valid().set("images.use", map[string]any{"redis": "redis:7", "api": "x", "backend": "registry.example.com:5000/hankki/backend"}))
	if len(lines) != len(config.ImageNames)+1 {
		t.Errorf("want a line each about api and %v:\n%s", config.ImageNames, strings.Join(lines, "\n"))
	}
}

// `hankki rollback` and `hankki promote` write the images by name.
func TestUseHasEachImage(t *testing.T) {
	references := map[string]string{}
	for _, image := range config.ImageNames {
		references[image] = "registry.example.com/hankki/" + image + "@" + digest
	}
	use := config.UseOf(references)
	for _, image := range config.ImageNames {
		if got := use.Of(image); got != references[image] {
			t.Errorf("images.use.%s is %q instead of %q", image, got, references[image])
		}
	}
}
