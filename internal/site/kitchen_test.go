package site

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// kitchen is a fake cluster with objects, and an empty registry.
type kitchen struct {
	mu       sync.Mutex
	objects  map[string]map[string]any // metadata by path
	bodies   map[string]string         // whole objects by path
	refuses  string                    // a path that returns 403
	may      func(*http.Request) bool  // false: returns 403; nil: all requests are allowed
	lists    map[string]string         // items by path
	requests map[string]bool
	minor    string // minor version; empty: 34
	registry string // its address
}

const systemNamespace = "/api/v1/namespaces/kube-system"

func newKitchen(t *testing.T) *kitchen {
	t.Helper()
	k := &kitchen{requests: map[string]bool{}, objects: map[string]map[string]any{systemNamespace: {"name": "kube-system", "uid": "uid-of-the-kitchen"}}}
	server := httptest.NewServer(k)
	t.Cleanup(server.Close)
	images := httptest.NewServer(imagesOf(stacktest.Registry("")))
	t.Cleanup(images.Close)
	k.registry = images.Listener.Addr().String()
	docker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") }))
	t.Cleanup(docker.Close)
	t.Setenv("DOCKER_HOST", "tcp://"+docker.Listener.Addr().String())
	t.Setenv("DOCKER_CERT_PATH", "")
	testfile.UseKubeconfig(t, map[string]string{"kitchen": server.URL}, "kitchen")
	exports(t, `{"deployment":{"resources":[]}}`)
	return k
}

// imagesOf returns a registry that has each image under each of its tags, as if a builder had pushed it.
func imagesOf(registry http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		parts := strings.Split(r.URL.Path, "/") // /v2/hankki/backend/manifests/latest
		if r.Method != http.MethodHead || len(parts) != 6 {
			registry.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
		w.Header().Set("Content-Length", "2")
		w.Header().Set("Docker-Content-Digest", digestOf(parts[3]))
	})
}

// lanServices are onprem's LoadBalancer Services, by path, with the addresses that they request.
var lanServices = map[string]string{
	"/api/v1/namespaces/hankki/services/backend":  lanService("10.0.0.3"),
	"/api/v1/namespaces/hankki/services/frontend": lanService("10.0.0.4"),
}

func lanService(address string) string {
	return `{"metadata":{"annotations":{"metallb.io/loadBalancerIPs":"` + address + `"}},"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"ip":"` + address + `"}]}}}`
}

func (k *kitchen) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.requests[r.URL.Path] = true
	w.Header().Set("Content-Type", "application/json")
	metadata, there := k.objects[r.URL.Path]
	items, listed := k.lists[r.URL.Path]
	switch {
	case k.may != nil && !k.may(r):
		stacktest.WriteStatus(w, http.StatusForbidden, "Forbidden")
	case r.URL.Path == "/version":
		io.WriteString(w, `{"gitVersion":"v1.34.4","major":"1","minor":"`+cmp.Or(k.minor, "34")+`"}`)
	case listed:
		io.WriteString(w, `{"items":[`+items+`]}`)
	case r.URL.Path == "/api/v1/services":
		io.WriteString(w, `{"apiVersion":"v1","kind":"ServiceList","items":[`+k.lists[r.URL.Path]+`]}`)
	case r.URL.Path == "/apis/storage.k8s.io/v1/storageclasses":
		io.WriteString(w, `{"kind":"StorageClassList","apiVersion":"storage.k8s.io/v1","items":[{"metadata":{"name":"local","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}]}`)
	case r.URL.Path == k.refuses:
		stacktest.WriteStatus(w, http.StatusForbidden, "Forbidden")
	case k.bodies[r.URL.Path] != "" && !strings.Contains(r.Header.Get("Accept"), "PartialObjectMetadata"):
		io.WriteString(w, k.bodies[r.URL.Path])
	case there:
		if err := json.NewEncoder(w).Encode(map[string]any{"apiVersion": "meta.k8s.io/v1", "kind": "PartialObjectMetadata", "metadata": metadata}); err != nil {
			panic(err)
		}
	case lanServices[r.URL.Path] != "" && !strings.Contains(r.Header.Get("Accept"), "PartialObjectMetadata"):
		io.WriteString(w, lanServices[r.URL.Path])
	case strings.Contains(r.URL.Path, "/deployments/") && !strings.Contains(r.Header.Get("Accept"), "PartialObjectMetadata"):
		io.WriteString(w, `{"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":1},"status":{"replicas":1,"updatedReplicas":1,"availableReplicas":1}}`)
	default:
		stacktest.WriteStatus(w, http.StatusNotFound, "NotFound")
	}
}

// stack is onprem with the fake registry and a local chart.
func (k *kitchen) stack(t *testing.T) settings {
	t.Helper()
	return shipped(t, "onprem").set("registry.server", k.registry).set("metallb.chart.path", t.TempDir())
}

func (k *kitchen) requested(path string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.requests[path]
}

// has returns an entry of a stack's state.
func has(typ, name string, outputs map[string]any) map[string]any {
	return map[string]any{"urn:pulumi:onprem::hankki::" + typ + "::" + name: map[string]any{"type": typ[strings.LastIndex(typ, "$")+1:], "outputs": outputs}}
}

func object(apiVersion, kind, namespace, name string) map[string]any {
	return map[string]any{"apiVersion": apiVersion, "kind": kind, "metadata": map[string]any{"namespace": namespace, "name": name}}
}

func owned(id, name string) map[string]any {
	return map[string]any{"annotations": map[string]any{"hankki/owner": name, "hankki/owner-id": id}}
}
