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

	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// Each error about the registry names these settings.
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
	c.Registry.Username = "" // anonymous; only the user cook may push
	refused(t, c, 1, append(registryKeys, registry.address(), "401")...)
}

func TestReadOnlyRegistryIsRefused(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := serve(t, "http", loopback, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	refused(t, stack(registry.address()), 1, append(registryKeys, registry.address(), "403")...)
}

// A robot account may have permission to push to these three repositories only.
func TestPushIsCheckedForEachRepository(t *testing.T) {
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
		t.Errorf("uploads were started in %q, want %q", requested, want)
	}
}

// The error names the forbidden repository and no other.
func TestOneForbiddenRepositoryIsNamed(t *testing.T) {
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
		t.Errorf("the error names an allowed repository:\n%s", text)
	}
}

// Each preview starts an upload. Without cancelling, they would fill the registry.
func TestRegistryCheckLeavesNothingBehind(t *testing.T) {
	newCluster(t, http.StatusOK)
	// The library's registry returns no Location to cancel the upload. This one does, as real registries do.
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
			t.Errorf("the check changes the registry: %s", request)
		}
	}
}

func TestRegistryIsUnreachable(t *testing.T) {
	newCluster(t, http.StatusOK)
	address := stacktest.ClosedAddress(t)
	text := refused(t, stack(address), 1, append(registryKeys, address, "refused")...)
	if strings.Count(text, "connection refused") > 1 {
		t.Errorf("the same reason is repeated for each repository:\n%s", text)
	}
}

func TestSilentRegistryTimesOut(t *testing.T) {
	newCluster(t, http.StatusOK)
	listener, err := net.Listen("tcp", net.JoinHostPort(other, "0")) // accepts connections and sends nothing
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

	c.Registry.CAFile = testfile.Temporary(t, "empty.pem", "no certificate")
	refused(t, c, 1, "registry.caFile", "empty.pem", "PEM")
	if requested := registry.requests(); len(requested) > 0 {
		t.Errorf("requests were sent without the certificate authority: %q", requested)
	}
}

// For Docker a name without dot and port is a path on Docker Hub. The credentials must not be sent there.
func TestRegistryWithShortNameIsNotDockerHub(t *testing.T) {
	newCluster(t, http.StatusOK)
	text := refused(t, stack("kitchen"), 1, append(registryKeys, "kitchen")...)
	if strings.Contains(text, "docker.io") {
		t.Errorf("the check used Docker Hub:\n%s", text)
	}
}

// Logins without a password could lock the account. config reports the missing password.
func TestRegistryIsNotCheckedWithoutPassword(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := newRegistry(t, "http", loopback)
	c := stack(registry.address())
	c.Secrets.RegistryPassword = ""
	accepted(t, c)
	if requested := registry.requests(); len(requested) > 0 {
		t.Errorf("requests were sent: %q", requested)
	}
}
