package ownership

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

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

// A cluster that answers too late is told once, and not as one that hides its objects.
func TestObjectsThatAreToldTooLate(t *testing.T) {
	ended := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-ended }))
	defer server.Close()
	defer close(ended)
	p := Plan{Objects: map[Object]string{}}
	for _, name := range []string{"redis", "backend"} {
		p.Objects[Object{schema.GroupKind{Kind: "Service"}, "hankki", name}] = "v1"
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if found, err := p.Ask(ctx, &rest.Config{Host: server.URL}); !errors.Is(err, context.DeadlineExceeded) || len(found) > 0 || strings.Contains(err.Error(), "owner") {
		t.Errorf("%v, %v", found, err)
	}
}
