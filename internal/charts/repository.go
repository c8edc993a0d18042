package charts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Size limits of responses. The largest public index, with every version of some hundred charts, has 20 MiB.
const (
	indexLimit   = 64 << 20
	archiveLimit = 32 << 20
)

// release is one version of a chart in a repository's index.yaml.
type release struct {
	Version string   `yaml:"version"`
	Digest  string   `yaml:"digest"` // SHA-256 of the archive in hexadecimal digits; may be empty
	URLs    []string `yaml:"urls"`   // absolute, or relative to the repository
}

// download returns the archive of a chart from a Helm repository (http, https) or an OCI registry (oci). It verifies
// the digest in the index or manifest.
func download(ctx context.Context, repository, name, version string) ([]byte, error) {
	base, err := url.Parse(repository)
	if err != nil || base.Host == "" || !slices.Contains([]string{"http", "https", "oci"}, base.Scheme) {
		return nil, errors.New("the repository is not a URL that begins with https://, http:// or oci://")
	}
	if base.Scheme == "oci" {
		return pull(ctx, base.JoinPath(name), version)
	}
	base = base.JoinPath("/") // without the slash, a relative URL would replace the last segment
	index, err := get(ctx, base.JoinPath("index.yaml"), indexLimit)
	if err != nil {
		return nil, err
	}
	found, err := find(index, name, version)
	if err != nil {
		return nil, err
	}
	archive, err := found.archive(ctx, base)
	if err != nil {
		return nil, err
	}
	want := strings.ToLower(strings.TrimPrefix(found.Digest, "sha256:"))
	if got := digestOf(archive); want != "" && got != want {
		return nil, fmt.Errorf("%s has the digest %s, but index.yaml gives %s", found.URLs[0], got, want)
	}
	return archive, nil
}

// archive downloads the chart from its first URL, as Helm does.
func (r release) archive(ctx context.Context, base *url.URL) ([]byte, error) {
	u, err := url.Parse(r.URLs[0])
	if err != nil {
		return nil, fmt.Errorf("index.yaml: %q is not a URL", r.URLs[0])
	}
	if u.Scheme == "oci" {
		return pull(ctx, u, "")
	}
	if !u.IsAbs() {
		u = base.ResolveReference(u)
		u.RawQuery = base.RawQuery // as Helm does
	}
	return get(ctx, u, archiveLimit)
}

// find returns a version's entry in the index. A leading v is ignored, as in Helm. A version range does not match.
func find(index []byte, name, version string) (release, error) {
	var content struct {
		Entries map[string][]release `yaml:"entries"`
	}
	if err := yaml.Unmarshal(index, &content); err != nil {
		return release{}, fmt.Errorf("index.yaml can't be read: %s", oneLine(err))
	}
	releases, known := content.Entries[name]
	if !known {
		return release{}, fmt.Errorf("index.yaml lists no chart %s: available: %s", name, listing(slices.Sorted(maps.Keys(content.Entries))))
	}
	var versions []string
	for _, r := range releases {
		switch {
		case strings.TrimPrefix(r.Version, "v") != strings.TrimPrefix(version, "v"):
			versions = append(versions, r.Version)
		case len(r.URLs) == 0:
			return release{}, errors.New("index.yaml gives no URL for that version")
		default:
			return r, nil
		}
	}
	return release{}, fmt.Errorf("index.yaml lists no such version; available: %s", listing(versions))
}

// get downloads one file of at most limit bytes.
func get(ctx context.Context, u *url.URL, limit int64) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, errors.New("the repository is not a URL") // the parser's error contains the password
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err //nolint:wrapcheck // the error names the URL, without the password
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s responded with %q", u.Redacted(), response.Status)
	}
	content, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("the response of %s is incomplete: %w", u.Redacted(), err)
	}
	if int64(len(content)) > limit {
		return nil, fmt.Errorf("%s is larger than %d MiB", u.Redacted(), limit>>20)
	}
	return content, nil
}

// listing returns the first 20 names, in an index the newest.
func listing(names []string) string {
	const most = 20
	text := cmp.Or(strings.Join(names[:min(len(names), most)], ", "), "none")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// redacted returns a URL without its password.
func redacted(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "the repository"
	}
	return u.Redacted()
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
