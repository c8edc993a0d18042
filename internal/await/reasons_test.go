package await

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
)

// api serves the requests of explain and records them. With nil events, listing events fails.
func api(t *testing.T, pods []corev1.Pod, events []corev1.Event) (*corev1client.CoreV1Client, *[]string) {
	t.Helper()
	requested := &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*requested = append(*requested, r.URL.String())
		w.Header().Set("Content-Type", "application/json")
		var answer any = corev1.PodList{TypeMeta: metav1.TypeMeta{Kind: "PodList", APIVersion: "v1"}, Items: pods}
		switch {
		case strings.HasSuffix(r.URL.Path, "/events") && events == nil:
			http.Error(w, "etcd has a hiccup", http.StatusServiceUnavailable)
			return
		case strings.HasSuffix(r.URL.Path, "/log"):
			_, _ = w.Write([]byte("migrating\nwaiting for another migration\n")) // a failed write shows in the test
			return
		case strings.HasSuffix(r.URL.Path, "/events"):
			answer = corev1.EventList{TypeMeta: metav1.TypeMeta{Kind: "EventList", APIVersion: "v1"}, Items: events}
		}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	core, err := corev1client.NewForConfig(&rest.Config{Host: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	return core, requested
}

var backend = target{kind: "Deployment", name: "backend", namespace: "hankki", pods: map[string]string{"app": "backend"}}

func pod(name string, status corev1.PodStatus) corev1.Pod {
	return corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "hankki"}, Status: status}
}

func container(state, last corev1.ContainerState) corev1.PodStatus {
	return corev1.PodStatus{ContainerStatuses: []corev1.ContainerStatus{{Name: "flask", State: state, LastTerminationState: last, RestartCount: 3}}}
}

func condition(typ corev1.PodConditionType, status corev1.ConditionStatus, reason, message string) corev1.PodStatus {
	return corev1.PodStatus{Conditions: []corev1.PodCondition{{Type: typ, Status: status, Reason: reason, Message: message}}}
}

func TestEveryReasonIsReported(t *testing.T) {
	crash := &corev1.ContainerStateTerminated{ExitCode: 1, Reason: "Error", Message: "SECRET_KEY is too short\nDATABASE_HOST is not set\n"}
	about := func(kind, name, reason, message string, count int32) corev1.Event {
		return corev1.Event{InvolvedObject: corev1.ObjectReference{Kind: kind, Name: name}, Reason: reason, Message: message, Count: count}
	}
	none := []corev1.Event{}
	for _, row := range []struct {
		name   string
		pods   []corev1.Pod
		events []corev1.Event
		want   []string
	}{
		{"image pull failure", []corev1.Pod{pod("backend-1", container(corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{
			Reason: "ImagePullBackOff", Message: `Back-off pulling image "r.example.com/backend:1": not found`,
		}}, corev1.ContainerState{}))}, none, []string{"pod backend-1", "container flask waits: ImagePullBackOff", "not found"}},
		{"a crash", []corev1.Pod{pod("backend-1", container(corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{
			Reason: "CrashLoopBackOff", Message: "back-off 40s restarting",
		}}, corev1.ContainerState{Terminated: crash}))}, none, []string{"container flask ended with exit code 1 (Error), restarts: 3, termination message:", "SECRET_KEY is too short", "DATABASE_HOST is not set", "CrashLoopBackOff"}},
		{"no room", []corev1.Pod{pod("backend-1", condition(corev1.PodScheduled, corev1.ConditionFalse, "Unschedulable", "0/3 nodes are available: 3 Insufficient memory."))},
			[]corev1.Event{about("Pod", "backend-1", "FailedScheduling", "0/3 nodes", 1)}, []string{"pod backend-1: Unschedulable: 0/3 nodes are available: 3 Insufficient memory."}},
		{"failing probe", []corev1.Pod{pod("backend-1", condition(corev1.PodReady, corev1.ConditionFalse, "ContainersNotReady", "containers with unready status: [flask]"))},
			[]corev1.Event{about("Pod", "backend-1", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", 12), about("Pod", "redis-1", "Unhealthy", "of another", 1)},
			[]string{"pod backend-1: Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503 (count: 12)"}},
		{"forbidden pods", nil, []corev1.Event{about("ReplicaSet", "backend-7c9d", "FailedCreate", `pods "backend-7c9d-" is forbidden: violates PodSecurity`, 4)},
			[]string{"FailedCreate", "violates PodSecurity", "(count: 4)"}},
		{"forbidden pods, old pods ready", []corev1.Pod{pod("backend-1", condition(corev1.PodReady, corev1.ConditionTrue, "", ""))},
			[]corev1.Event{about("ReplicaSet", "backend-7c9d", "FailedCreate", `pods "backend-7c9d-" is forbidden: exceeded quota`, 4)}, []string{"exceeded quota"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			core, requested := api(t, row.pods, row.events)
			got, err := backend.explain(context.Background(), core)
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range append(row.want, "Deployment backend in namespace hankki did not come up") {
				if !strings.Contains(got, word) {
					t.Errorf("%q is not in\n%s", word, got)
				}
			}
			if strings.Contains(got, "of another") || strings.Contains(got, "FailedScheduling") {
				t.Errorf("the reasons are too long:\n%s", got)
			}
			if first := (*requested)[0]; !strings.Contains(first, "labelSelector=app%3Dbackend") {
				t.Errorf("the first request is %s, want the pods", first)
			}
		})
	}
}

func TestReadyPodsHaveNoReason(t *testing.T) {
	core, _ := api(t, []corev1.Pod{
		pod("backend-1", condition(corev1.PodReady, corev1.ConditionTrue, "", "")), pod("backend-2", corev1.PodStatus{Phase: corev1.PodSucceeded}),
	}, []corev1.Event{})
	if got, err := backend.explain(context.Background(), core); err != nil || got != "" {
		t.Errorf("reported %q, error %v", got, err)
	}
}

func TestLogOfRunningJobIsReported(t *testing.T) {
	status := condition(corev1.PodReady, corev1.ConditionTrue, "", "")
	status.Phase = corev1.PodRunning
	core, _ := api(t, []corev1.Pod{pod("release-1", status)}, []corev1.Event{})
	release := target{kind: "Job", name: "release", namespace: "hankki", pods: map[string]string{"app": "release"}}
	got, err := release.explain(context.Background(), core)
	if err != nil || !strings.Contains(got, "pod release-1: still running; end of its log:") || !strings.Contains(got, "waiting for another migration") {
		t.Errorf("reported %q, error %v", got, err)
	}
}

func TestReasonsAreReportedWithoutEvents(t *testing.T) {
	core, _ := api(t, []corev1.Pod{pod("backend-1", condition(corev1.PodScheduled, corev1.ConditionFalse, "Unschedulable", "no room"))}, nil)
	got, err := backend.explain(context.Background(), core)
	if err == nil || !strings.Contains(got, "Unschedulable: no room") {
		t.Errorf("reported %q, error %v", got, err)
	}
	if printed := backend.diagnosis(got, err); !strings.HasPrefix(printed, got+"\n  there may be further causes: listing the events: ") {
		t.Errorf("printed %q", printed)
	}
}

func TestUnreadableCauseIsPrintedAsUnknown(t *testing.T) {
	printed := backend.diagnosis("", errors.New("listing its pods: connection refused"))
	if printed != "Deployment backend in namespace hankki failed, cause unknown: listing its pods: connection refused" {
		t.Errorf("printed %q", printed)
	}
}

// deployment returns the hook's arguments for a failed Deployment.
func deployment(name string) *pulumi.ErrorHookArgs {
	template := map[string]any{"metadata": map[string]any{"labels": map[string]any{"app": name}}}
	return &pulumi.ErrorHookArgs{Name: name, Type: "kubernetes:apps/v1:Deployment", NewInputs: resource.NewPropertyMapFromMap(map[string]any{
		"metadata": map[string]any{"namespace": "hankki"}, "spec": map[string]any{"template": template},
	})}
}

func TestObjectsWithoutPodsAreNotExplained(t *testing.T) {
	args := deployment("backend")
	if w, ok := targetOf(args); !ok || w.String() != "Deployment backend in namespace hankki" || w.pods.String() != "app=backend" {
		t.Errorf("it is %v (%t), its pods %v", w, ok, w.pods)
	}
	args.NewInputs = resource.NewPropertyMapFromMap(map[string]any{"metadata": map[string]any{"namespace": "hankki"}})
	if w, ok := targetOf(args); ok {
		t.Errorf("%v has no pods", w)
	}
}
