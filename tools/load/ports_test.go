package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestNoConnectionUsesAPortTwice(t *testing.T) {
	seen := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen[r.RemoteAddr] = true }))
	defer server.Close()
	client := http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
	const reads = 50
	for range reads {
		answer, err := client.Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	}
	if len(seen) != reads {
		t.Errorf("%d connections came from %d ports", reads, len(seen))
	}
}

func TestPortsComeBackAfterNineMinutes(t *testing.T) {
	begin := time.Now()
	first := nextPort(begin)
	for second := time.Second; second < 9*time.Minute; second += time.Second {
		if port := nextPort(begin.Add(second)); port == first || port < firstPort || port >= firstPort+ports {
			t.Fatalf("port %d after %v, the first was %d", port, second, first)
		}
	}
}
