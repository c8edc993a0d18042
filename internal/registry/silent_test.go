package registry_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"hankki/internal/config"
	"hankki/internal/registry"
	"hankki/internal/stacktest"
)

// A registry that accepts connections and never responds is an error after the limit, although the context has no deadline.
func TestSilentRegistry(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() }) // the test has ended, so an error changes nothing
	c, err := registry.New(config.Registry{Server: listener.Addr().String(), Insecure: true}, "")
	if err != nil {
		t.Fatal(err)
	}
	c.SetLimit(200 * time.Millisecond)
	digest := "sha256:" + strings.Repeat("0", 64)
	repository := listener.Addr().String() + "/hankki/backend"
	for name, query := range map[string]func() (bool, error){
		"Has":  func() (bool, error) { return c.Has(t.Context(), repository, digest) },
		"Keep": func() (bool, error) { return c.Keep(t.Context(), repository, digest) },
	} {
		t.Run(name, func(t *testing.T) {
			found, err := query()
			if found {
				t.Error("the image is found")
			}
			stacktest.CheckError(t, err, listener.Addr().String(), "did not respond within 200ms")
		})
	}
}
