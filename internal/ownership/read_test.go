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

// If the cluster becomes unreachable between two requests, the error has one line with one reason for any number of objects.
func TestUnreadableObjectsAreReportedOncePerReason(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	p := Plan{Objects: map[Object]string{}}
	for _, name := range []string{"redis", "backend", "frontend"} {
		p.Objects[Object{schema.GroupKind{Kind: "Service"}, "hankki", name}] = "v1"
	}
	_, err := p.Read(t.Context(), &rest.Config{Host: server.URL})
	if err == nil || strings.Count(err.Error(), "\n") != 1 || !strings.Contains(err.Error(), "Service hankki/backend, Service hankki/frontend, Service hankki/redis: ") {
		t.Errorf("%v", err)
	}
}

// A slow cluster is reported once, and not as one that forbids reading its objects.
func TestSlowClusterIsReportedOnce(t *testing.T) {
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
	if found, err := p.Read(ctx, &rest.Config{Host: server.URL}); !errors.Is(err, context.DeadlineExceeded) || len(found) > 0 || strings.Contains(err.Error(), "owner") {
		t.Errorf("%v, %v", found, err)
	}
}
