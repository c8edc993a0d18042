package review

import (
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"hankki/internal/buildcontext"
	"hankki/internal/manifest"
)

// Image is an image that the change rebuilds, or takes from hankki:images.use.
type Image struct {
	Name string `json:"name"`          // of its folder in images/
	Use  string `json:"use,omitempty"` // its reference in images.use; empty: it is built
	// Files are the changed files of its build context, by their path in it; empty for an image that is not built.
	Files []string `json:"files"`
	// Settings are the changed settings that affect the image's content or name; set only if no file differs.
	Settings []string `json:"settings,omitempty"`
}

// buildSettings are the sections of the configuration that affect images.
var buildSettings = []string{"hankki:baseImages", "hankki:images", "hankki:registry"}

// images lists the images of pods whose reference differs. A rendering references a built image by the digest of its
// inputs. used are the references of the head's images.use, by image.
func images(before, after []manifest.Resource, base, head string, used map[string]string, settings []manifest.Field) ([]Image, error) {
	was, err := references(before, base)
	if err != nil {
		return nil, err
	}
	is, err := references(after, head)
	if err != nil {
		return nil, err
	}
	all := []Image{}
	for _, name := range slices.Sorted(maps.Keys(is)) {
		if was[name] == is[name] {
			continue
		}
		if used[name] != "" {
			all = append(all, Image{Name: name, Use: used[name], Files: []string{}})
			continue
		}
		folder := filepath.Join("images", name)
		files, err := buildcontext.Changed(filepath.Join(base, folder), filepath.Join(head, folder))
		if err != nil {
			return nil, err
		}
		image := Image{Name: name, Files: files}
		for _, section := range buildSettings {
			image.Settings = append(image.Settings, fieldsAt(settings, section)...)
		}
		all = append(all, image)
	}
	return all, nil
}

// references returns the images of pods that have a folder in the checkout, by the folder's name.
func references(resources []manifest.Resource, checkout string) (map[string]string, error) {
	folders, _ := filepath.Glob(filepath.Join(checkout, "images", "*")) // the pattern is valid
	all := map[string]string{}
	for _, r := range resources {
		w, ok, err := manifest.WorkloadOf(r)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		for _, c := range slices.Concat(w.Template.Spec.InitContainers, w.Template.Spec.Containers) {
			repository, _, byDigest := strings.Cut(c.Image, "@")
			name, _, _ := strings.Cut(path.Base(repository), ":") // without a tag
			if byDigest && slices.Contains(folders, filepath.Join(checkout, "images", name)) {
				all[name] = c.Image
			}
		}
	}
	return all, nil
}
