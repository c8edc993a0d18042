package await

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/client-go/rest"

	"hankki/internal/kubeconfig"
)

const (
	ready     = `{"metadata":{"generation":2},"status":{"conditions":[{"type":"Ready","status":"True","observedGeneration":2,"message":"up to date"}]}}`
	outdated  = `{"metadata":{"generation":2},"status":{"conditions":[{"type":"Ready","status":"True","observedGeneration":1,"message":"up to date"}]}}`
	notIssued = `{"metadata":{"generation":1},"status":{"conditions":[{"type":"Ready","status":"False","observedGeneration":1,"message":"issuer corp not found"}]}}`
)

func TestIssuedWaitsForCertificate(t *testing.T) {
	for name, row := range map[string]struct {
		answers  []string // in sequence; the last one repeats
		limit    time.Duration
		messages string // in the error; empty: no error
	}{
		"immediately":                       {[]string{ready}, time.Minute, ""},
		"after retries":                     {[]string{"", "{}", notIssued, ready}, time.Minute, ""},
		"ready for the previous generation": {[]string{outdated}, 20 * time.Millisecond, "has not processed it"},
		"rejected":                          {[]string{notIssued}, 20 * time.Millisecond, "issuer corp not found"},
		"no issuer":                         {[]string{"{}"}, 20 * time.Millisecond, "has not processed it"},
	} {
		t.Run(name, func(t *testing.T) {
			var requested atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/apis/cert-manager.io/v1/namespaces/hankki/certificates/site" {
					t.Errorf("unexpected request for %s", r.URL.Path)
				}
				answer := row.answers[min(int(requested.Add(1)), len(row.answers))-1]
				if answer == "" {
					w.WriteHeader(http.StatusServiceUnavailable)
				}
				w.Header().Set("Content-Type", "application/json")
				io.WriteString(w, answer)
			}))
			defer server.Close()
			client, err := kubeconfig.NewClient(&rest.Config{Host: server.URL}, timeout)
			if err != nil {
				t.Fatal(err)
			}
			_, err = issued(context.Background(), client, "hankki", "site", row.limit)
			switch {
			case row.messages == "" && err != nil:
				t.Error(err)
			case row.messages != "" && (err == nil || !strings.Contains(err.Error(), row.messages) || !strings.Contains(err.Error(), "hankki/site")):
				t.Errorf("the error lacks %q: %v", row.messages, err)
			}
		})
	}
}

func TestOverdueRenewalIsAWarning(t *testing.T) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	for name, row := range map[string]struct {
		ends, renewal time.Duration // relative to now
		messages      []string      // nil: no warning
	}{
		"renewal not due":              {60 * day, 30 * day, nil},
		"overdue, expires in 30 days":  {30 * day, -day, nil},
		"overdue, expires in 13 days":  {13 * day, -17 * day, []string{"hankki/site", "expires on 2026-12-12", "less than 14 days", "due on 2026-11-12", "kubectl -n hankki describe certificate"}},
		"short-lived, renewal not due": {5 * day, 3 * day, nil},
		"short-lived, renewal overdue": {day, -day, []string{"expires on 2026-11-30"}},
	} {
		t.Run(name, func(t *testing.T) {
			var c certificateStatus
			text := fmt.Sprintf(`{"metadata":{"namespace":"hankki","name":"site"},"status":{"notAfter":%q,"renewalTime":%q}}`,
				now.Add(row.ends).Format(time.RFC3339), now.Add(row.renewal).Format(time.RFC3339))
			if err := json.Unmarshal([]byte(text), &c); err != nil {
				t.Fatal(err)
			}
			warning := c.overdue(now)
			if (warning == "") != (row.messages == nil) {
				t.Errorf("the warning is %q", warning)
			}
			for _, word := range row.messages {
				if !strings.Contains(warning, word) {
					t.Errorf("the warning does not name %q: %s", word, warning)
				}
			}
		})
	}
	if warning := (certificateStatus{}).overdue(now); warning != "" {
		t.Errorf("a certificate without dates causes a warning: %s", warning)
	}
}
