package config

import (
	"fmt"
	"path"

	"github.com/google/go-containerregistry/pkg/name"
)

// Use names the images that the stack runs instead of building them: REPOSITORY@sha256:DIGEST each. Either all are set or
// no image is.
type Use struct {
	Redis    string `mapstructure:"redis"`
	Backend  string `mapstructure:"backend"`
	Frontend string `mapstructure:"frontend"`
}

// Given reports whether the stack builds no image.
func (u Use) Given() bool { return u != Use{} }

// UseOf returns the Use with the references by image name. A name that is not among ImageNames is ignored.
func UseOf(references map[string]string) (u Use) {
	for image, reference := range references {
		if field := u.field(image); field != nil {
			*field = reference
		}
	}
	return u
}

// Of returns the reference of one of ImageNames; empty if the stack builds the image.
func (u Use) Of(image string) string {
	if field := u.field(image); field != nil {
		return *field
	}
	return ""
}

// field returns the field of an image; nil if there is none.
func (u *Use) field(image string) *string {
	return map[string]*string{"redis": &u.Redis, "backend": &u.Backend, "frontend": &u.Frontend}[image]
}

// Digest parses the reference of images.use to one of ImageNames. It is an error if the reference has no valid digest, is not in
// registry.server, or is an image of another name. The error has no key and no solution.
func (c *Config) Digest(image string) (name.Digest, error) {
	text := c.Images.Use.Of(image)
	digest, err := name.NewDigest(text, name.StrictValidation)
	if err != nil {
		return digest, fmt.Errorf("%q has no valid digest", text)
	}
	if server, err := name.NewRegistry(c.Registry.Server); err == nil && CanonicalServer(digest.RegistryStr()) != server.RegistryStr() {
		return digest, fmt.Errorf("%q is not in registry.server %q", text, c.Registry.Server)
	}
	if path.Base(digest.RepositoryStr()) != image {
		return digest, fmt.Errorf("%q is an image of %s", text, path.Base(digest.RepositoryStr()))
	}
	return digest, nil
}

func (c *Config) validateUse(p *problems) {
	if !c.Images.Use.Given() {
		return
	}
	for _, image := range ImageNames {
		if c.Images.Use.Of(image) == "" {
			p.add("images.use.%s is missing: images.use names all images or none", image)
			continue
		}
		_, err := c.Digest(image)
		p.check(err == nil, "images.use.%s %w: write it like %s@sha256:DIGEST, as `pulumi stack output images` prints it; `make promote` copies an image from the registry of another stack", image, err, c.Repository(image))
	}
}
