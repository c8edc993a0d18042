package stacktest

import (
	"io"
	"log"
	"net"
	"net/http"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
)

// Username is the user of the fake registry.
const Username = "cook"

// Registry returns an empty registry. With a password, it accepts only Username with this password.
func Registry(password string) http.Handler {
	images := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	if password == "" {
		return images
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, given, _ := r.BasicAuth(); user != Username || given != password {
			w.Header().Set("WWW-Authenticate", `Basic realm="kitchen"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		images.ServeHTTP(w, r)
	})
}

// ClosedAddress returns an address on loopback without a listener. It is not at 127.0.0.1, where go-containerregistry repeats a failed
// request over plain http.
func ClosedAddress(tb testing.TB) string {
	tb.Helper()
	listener, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.2:0")
	if err != nil {
		tb.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		tb.Fatal(err)
	}
	return listener.Addr().String()
}
