package registry_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"hankki/internal/config"
	"hankki/internal/registry"
	"hankki/internal/stacktest"
)

// server is a registry over plain http that admits the user "cook" and records METHOD and path of each request.
type server struct {
	*httptest.Server
	mu        sync.Mutex
	requested []string
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{}
	images := stacktest.Registry("right")
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requested = append(s.requested, r.Method+" "+r.URL.Path)
		s.mu.Unlock()
		images.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) address() string { return s.Listener.Addr().String() }

// requests returns the requests since the last call.
func (s *server) requests() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	requested := strings.Join(s.requested, "\n")
	s.requested = nil
	return requested
}

func (s *server) client(t *testing.T, password string) *registry.Client {
	t.Helper()
	c, err := registry.New(config.Registry{Server: s.address(), Username: "cook", Insecure: true}, config.Secret(password))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// push puts an image into the repository hankki/backend under the tag latest and returns its digest.
func (s *server) push(t *testing.T, image v1.Image) string {
	t.Helper()
	ref, err := name.NewTag(s.address()+"/hankki/backend:latest", name.Insecure)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(ref, image, remote.WithAuth(&authn.Basic{Username: "cook", Password: "right"})); err != nil {
		t.Fatal(err)
	}
	digest, err := image.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest.String()
}

func newImage(t *testing.T) v1.Image { //nolint:ireturn // the library has no other type for it
	t.Helper()
	image, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	return image
}

func TestKeepTagsAnImageOnce(t *testing.T) {
	s := newServer(t)
	repository := s.address() + "/hankki/backend"
	digest := s.push(t, newImage(t))
	c := s.client(t, "right")
	s.requests()
	for try, want := range []string{"PUT", "HEAD"} { // the last request of each call
		found, err := c.Keep(t.Context(), repository, digest)
		if err != nil || !found {
			t.Fatalf("call %d: found %v, error %v", try+1, found, err)
		}
		requested := s.requests()
		if last := requested[strings.LastIndex(requested, "\n")+1:]; !strings.HasPrefix(last, want+" /v2/hankki/backend/manifests/"+registry.TagOf(digest)) {
			t.Errorf("call %d ends with %q:\n%s", try+1, last, requested)
		}
	}
}

// The previous image's tag must survive the push of the next image.
func TestKeptImageStaysWhenLatestMoves(t *testing.T) {
	s := newServer(t)
	repository := s.address() + "/hankki/backend"
	c := s.client(t, "right")
	var digests []string
	for range 2 {
		digest := s.push(t, newImage(t))
		if found, err := c.Keep(t.Context(), repository, digest); err != nil || !found {
			t.Fatalf("found %v, error %v", found, err)
		}
		digests = append(digests, digest)
	}
	for _, digest := range digests {
		if found, err := c.Has(t.Context(), repository, digest); err != nil || !found {
			t.Errorf("%s: found %v, error %v", digest, found, err)
		}
	}
	s.requests()
	if found, err := c.Keep(t.Context(), repository, digests[0]); err != nil || !found || strings.Contains(s.requests(), "PUT") {
		t.Errorf("the older image has lost its tag: found %v, error %v", found, err)
	}
}

func TestMissingImageIsNoError(t *testing.T) {
	s := newServer(t)
	c := s.client(t, "right")
	missing := "sha256:" + strings.Repeat("0", 64)
	s.push(t, newImage(t))
	for _, repository := range []string{"hankki/backend", "hankki/nowhere"} {
		repository = s.address() + "/" + repository
		if found, err := c.Has(t.Context(), repository, missing); err != nil || found {
			t.Errorf("Has of %s: found %v, error %v", repository, found, err)
		}
		if found, err := c.Keep(t.Context(), repository, missing); err != nil || found {
			t.Errorf("Keep of %s: found %v, error %v", repository, found, err)
		}
	}
}

// A refused login is not a missing image: a missing image would be built again.
func TestRefusedLoginIsAnError(t *testing.T) {
	s := newServer(t)
	digest := s.push(t, newImage(t))
	c := s.client(t, "wrong")
	for what, ask := range map[string]func() (bool, error){
		"Has":  func() (bool, error) { return c.Has(t.Context(), s.address()+"/hankki/backend", digest) },
		"Keep": func() (bool, error) { return c.Keep(t.Context(), s.address()+"/hankki/backend", digest) },
	} {
		t.Run(what, func(t *testing.T) {
			if found, err := ask(); err == nil || found || strings.Contains(err.Error(), "wrong") {
				t.Errorf("found %v, error %v", found, err)
			}
		})
	}
}

func TestTagIsNotThatOfReferrers(t *testing.T) {
	digest := "sha256:0123456789abcdef" + strings.Repeat("f", 48)
	if tag := registry.TagOf(digest); tag != "sha256-0123456789abcdef" {
		t.Errorf("the tag is %s", tag)
	}
}

// An invalid digest in the state does not cause a panic.
func TestTagOfAnInvalidDigest(t *testing.T) {
	for digest, want := range map[string]string{"sha256:0123456789abcdef0123": "sha256-0123456789abcdef", "sha256:01": "sha256-01", "": "sha256-"} {
		if got := registry.TagOf(digest); got != want {
			t.Errorf("the tag of %q is %q, not %q", digest, got, want)
		}
	}
}
