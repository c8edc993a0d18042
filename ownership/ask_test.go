package ownership

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
)

// A cluster that goes away between two questions is one line with one reason, whatever number of objects were asked for.
func TestObjectsThatCanNotBeReadAreToldByReason(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	p := Plan{Objects: map[Object]string{}}
	for _, name := range []string{"redis", "backend", "frontend"} {
		p.Objects[Object{schema.GroupKind{Kind: "Service"}, "hankki", name}] = "v1"
	}
	_, err := p.Ask(t.Context(), &rest.Config{Host: server.URL})
	if err == nil || strings.Count(err.Error(), "\n") != 1 || !strings.Contains(err.Error(), "Service hankki/backend, Service hankki/frontend, Service hankki/redis: ") {
		t.Errorf("%v", err)
	}
}
