package await

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"hankki/internal/stacktest"
)

// cluster serves a Deployment of two replicas in a sequence of states; the last one repeats. A nil state is an unreachable
// API server. Without states there is no Deployment. Its pods are unschedulable.
func cluster(t *testing.T, states ...*appsv1.DeploymentStatus) *rest.Config {
	t.Helper()
	pending := pod("backend-1", condition(corev1.PodScheduled, corev1.ConditionFalse, "Unschedulable", "no node is free"))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var answer any
		switch {
		case strings.HasSuffix(r.URL.Path, "/pods"):
			answer = corev1.PodList{TypeMeta: metav1.TypeMeta{Kind: "PodList", APIVersion: "v1"}, Items: []corev1.Pod{pending}}
		case strings.HasSuffix(r.URL.Path, "/events"):
			answer = corev1.EventList{TypeMeta: metav1.TypeMeta{Kind: "EventList", APIVersion: "v1"}}
		case strings.HasSuffix(r.URL.Path, "/namespaces/hankki/deployments/backend"):
			if len(states) == 0 {
				http.Error(w, "not found", http.StatusNotFound)
				return
			}
			state, replicas := states[0], int32(2)
			if len(states) > 1 {
				states = states[1:]
			}
			if state == nil {
				http.Error(w, "away", http.StatusServiceUnavailable)
				return
			}
			answer = appsv1.Deployment{
				TypeMeta: metav1.TypeMeta{Kind: "Deployment", APIVersion: "apps/v1"}, ObjectMeta: metav1.ObjectMeta{Name: "backend", Generation: 7},
				Spec: appsv1.DeploymentSpec{Replicas: &replicas}, Status: *state,
			}
		default:
			t.Errorf("unexpected request for %s", r.URL)
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	return &rest.Config{Host: server.URL}
}

func status(observed int64, all, updated, available int32) *appsv1.DeploymentStatus {
	return &appsv1.DeploymentStatus{ObservedGeneration: observed, Replicas: all, UpdatedReplicas: updated, AvailableReplicas: available}
}

// In the first state two pods of the previous generation are available. The plugin treats it as complete.
func TestConfirmWaitsForRollout(t *testing.T) {
	var reported []string
	err := backend.confirm(context.Background(),
		cluster(t, status(6, 2, 2, 2), status(7, 3, 1, 2), nil, status(7, 4, 2, 3), status(7, 3, 2, 3), status(7, 2, 2, 1), status(7, 2, 2, 2)),
		true, time.Minute, func(progress string) { reported = append(reported, progress) })
	want := []string{
		"waiting for its controller to observe the change", "1 of 2 pods updated",
		"reading the Deployment: the server is currently unable to handle the request (get deployments.apps backend)",
		"2 old pods still terminating", "1 old pod still terminating", "1 of 2 updated pods are available",
	}
	if err != nil || !slices.Equal(reported, want) {
		t.Errorf("reported %q, error %v", reported, err)
	}
}

func TestIncompleteRolloutIsExplained(t *testing.T) {
	for _, row := range []struct {
		name  string
		state *appsv1.DeploymentStatus
		want  []string
	}{
		{"unschedulable pods", status(7, 3, 1, 2), []string{"Deployment backend in namespace hankki did not come up", "no node is free", "after 1.5s: 1 of 2 pods updated"}},
		{"unreachable API server", nil, []string{"reading the Deployment", "unable to handle the request"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := backend.confirm(context.Background(), cluster(t, row.state), true, 1500*time.Millisecond, func(string) {})
			stacktest.CheckError(t, err, row.want...)
		})
	}
}
