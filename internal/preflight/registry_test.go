package preflight_test

import (
	"context"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The ways out that an error about the registry names.
var registryKeys = []string{"hankki:registry", "hankki:registryPassword"}

func TestRegistryOverTLSWithPrivateAuthority(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := newRegistry(t, "https", loopback)
	c := stack(registry.address())
	refused(t, c, 1, append(registryKeys, registry.address(), "certificate")...)

	c.Registry.CAFile = caFile(t, registry)
	accepted(t, c)
}

func TestRegistryOverPlainHTTPMustBeDeclared(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := newRegistry(t, "http", other)
	c := stack(registry.address())
	refused(t, c, 1, append(registryKeys, registry.address(), "HTTP response to HTTPS client")...)

	c.Registry.Insecure = true
	accepted(t, c)
}

func TestRegistryRefusesTheCredentials(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := newRegistry(t, "http", loopback)
	c := stack(registry.address())
	c.Secrets.RegistryPassword = badPassword
	refused(t, c, 1, append(registryKeys, registry.address(), `"cook"`, "401")...)

	c = stack(registry.address())
	c.Registry.Username = "" // anonymous, where only the cook may push
	refused(t, c, 1, append(registryKeys, registry.address(), "401")...)
}

func TestRegistryThatOnlyLetsReadIsRefused(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := serve(t, "http", loopback, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	refused(t, stack(registry.address()), 1, append(registryKeys, registry.address(), "403")...)
}

// A robot account may have the right to push to these three and no other.
func TestRegistryIsAskedForTheRepositoriesOfTheImages(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := newRegistry(t, "http", loopback)
	c := stack(registry.address())
	c.Registry.Prefix = "team/kitchen"
	accepted(t, c)
	var requested []string
	for _, request := range registry.requests() {
		if path, found := strings.CutPrefix(request, "POST /v2/"); found {
			repository, _, _ := strings.Cut(path, "/blobs/")
			requested = append(requested, repository)
		}
	}
	slices.Sort(requested)
	if want := []string{"team/kitchen/backend", "team/kitchen/frontend", "team/kitchen/redis"}; !slices.Equal(requested, want) {
		t.Errorf("uploads were tried to %q, not to %q", requested, want)
	}
}

// The error names the repository that is refused, and no other.
func TestRegistryThatRefusesOneRepository(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := serve(t, "http", loopback, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.URL.Path, "/backend/"):
			w.WriteHeader(http.StatusForbidden)
		case r.Method == http.MethodPost:
			w.Header().Set("Location", r.URL.Path+"the-upload")
			w.WriteHeader(http.StatusAccepted)
		}
	}))
	text := refused(t, stack(registry.address()), 1, append(registryKeys, registry.address(), "403", "hankki/backend")...)
	if strings.Contains(text, "hankki/redis") {
		t.Errorf("the error names a repository that is not refused:\n%s", text)
	}
}

// An upload that is begun and left would fill the registry, one for each preview.
func TestRegistryIsLeftAsItWas(t *testing.T) {
	newCluster(t, http.StatusOK)
	// The registry of the library gives no place to cancel at; this one does, as a real one.
	registry := serve(t, "http", loopback, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodPost:
			w.Header().Set("Location", r.URL.Path+"the-upload")
			w.WriteHeader(http.StatusAccepted)
		case http.MethodDelete:
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	accepted(t, stack(registry.address()))
	for _, image := range []string{"redis", "backend", "frontend"} {
		want := "DELETE /v2/hankki/" + image + "/blobs/uploads/the-upload"
		for deadline := time.Now().Add(2 * time.Second); !slices.Contains(registry.requests(), want); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("the upload is not cancelled: %q", registry.requests())
			}
		}
	}
	for _, request := range registry.requests() {
		if strings.HasPrefix(request, "PUT") || strings.HasPrefix(request, "PATCH") {
			t.Errorf("the check writes: %s", request)
		}
	}
}

func TestRegistryIsUnreachable(t *testing.T) {
	newCluster(t, http.StatusOK)
	address := closed(t)
	text := refused(t, stack(address), 1, append(registryKeys, address, "refused")...)
	if strings.Count(text, "connection refused") > 1 {
		t.Errorf("the one reason is given for each repository:\n%s", text)
	}
}

func TestRegistryThatNeverAnswersIsGivenUp(t *testing.T) {
	newCluster(t, http.StatusOK)
	listener, err := net.Listen("tcp", net.JoinHostPort(other, "0")) // connects, and stays silent
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	started := time.Now()
	err = check(ctx, stack(listener.Addr().String()))
	if err == nil || !strings.Contains(err.Error(), listener.Addr().String()) {
		t.Errorf("want an error that names %s, got: %v", listener.Addr(), err)
	}
	if took := time.Since(started); took > 3*time.Second {
		t.Errorf("it took %s to give up", took)
	}
}

func TestRegistryCertificateFileIsChecked(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := newRegistry(t, "https", loopback)
	c := stack(registry.address())
	c.Registry.CAFile = filepath.Join(t.TempDir(), "missing.pem")
	refused(t, c, 1, "registry.caFile", "missing.pem", "no such file")

	c.Registry.CAFile = filepath.Join(t.TempDir(), "empty.pem")
	write(t, c.Registry.CAFile, "no certificate")
	refused(t, c, 1, "registry.caFile", "empty.pem", "PEM")
	if requested := registry.requests(); len(requested) > 0 {
		t.Errorf("the registry was asked without its certificate: %q", requested)
	}
}

// To Docker a name with neither dot nor port is a path on Docker Hub. The credentials must not go there.
func TestRegistryWithShortNameIsNotDockerHub(t *testing.T) {
	newCluster(t, http.StatusOK)
	text := refused(t, stack("kitchen"), 1, append(registryKeys, "kitchen")...)
	if strings.Contains(text, "docker.io") {
		t.Errorf("Docker Hub was asked instead:\n%s", text)
	}
}

// An account must not be locked because its password is not set yet; config says that it is missing.
func TestRegistryIsNotAskedWithoutItsPassword(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := newRegistry(t, "http", loopback)
	c := stack(registry.address())
	c.Secrets.RegistryPassword = ""
	accepted(t, c)
	if requested := registry.requests(); len(requested) > 0 {
		t.Errorf("it was asked: %q", requested)
	}
}
