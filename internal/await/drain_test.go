package await

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// drain retries an unreachable API server and waits for terminating pods.
func TestDrainWaitsForOldPods(t *testing.T) {
	now := metav1.NewTime(time.Now())
	requested := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requested++
		if got := r.URL.Query().Get("labelSelector"); got != backend.pods.String() {
			t.Errorf("pods are selected by %q", got)
		}
		list := corev1.PodList{TypeMeta: metav1.TypeMeta{Kind: "PodList", APIVersion: "v1"}, Items: make([]corev1.Pod, 2)}
		switch requested {
		case 1:
			http.Error(w, "away", http.StatusServiceUnavailable)
			return
		case 2, 3:
			list.Items[1].DeletionTimestamp = &now
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(list); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	reported := 0
	err := backend.drain(context.Background(), &rest.Config{Host: server.URL}, func(string) { reported++ })
	if err != nil || requested != 4 || reported != 1 {
		t.Errorf("ended after %d requests and %d reports, error %v", requested, reported, err)
	}
}
