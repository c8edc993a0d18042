package await

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
)

// explainWithLimit calls explain with a time limit.
func (t target) explainWithLimit(ctx context.Context, client *rest.Config) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	core, err := corev1client.NewForConfig(client)
	if err != nil {
		return "", fmt.Errorf("client of the cluster: %w", err)
	}
	return t.explain(ctx, core)
}

// explain lists what keeps the target's pods from being ready; empty if nothing does.
func (t target) explain(ctx context.Context, core corev1client.CoreV1Interface) (string, error) {
	pods, err := core.Pods(t.namespace).List(ctx, metav1.ListOptions{LabelSelector: t.pods.String()})
	if err != nil {
		return "", fmt.Errorf("listing its pods: %w", err)
	}
	// Without events the diagnosis is shorter, but still useful.
	events, unlisted := core.Events(t.namespace).List(ctx, metav1.ListOptions{FieldSelector: "type=" + corev1.EventTypeWarning})
	if unlisted != nil {
		events, unlisted = &corev1.EventList{}, fmt.Errorf("listing the events: %w", unlisted)
	}
	var reasons []string
	for _, pod := range pods.Items {
		var known []string
		switch {
		case pod.DeletionTimestamp != nil:
		case !isReady(pod):
			known = slices.Concat(ofScheduling(pod), ofContainers(pod), ofEvents(events.Items, "Pod", pod.Name))
		case t.kind == "Job" && pod.Status.Phase == corev1.PodRunning: // a running pod is an error only because the Job should have finished
			known = ofSlowness(ctx, core, pod)
		}
		for _, reason := range known {
			reasons = append(reasons, "pod "+pod.Name+": "+reason)
		}
	}
	if len(reasons) == 0 { // the controller was forbidden to create pods, or gave up; old pods may exist
		reasons = slices.Concat(ofEvents(events.Items, "ReplicaSet", t.name), ofEvents(events.Items, "Job", t.name))
	}
	if len(reasons) == 0 {
		return "", unlisted
	}
	return t.String() + " did not come up:\n  " + strings.ReplaceAll(strings.Join(reasons, "\n"), "\n", "\n  "), unlisted
}

func isReady(pod corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodSucceeded || slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

func ofScheduling(pod corev1.Pod) (reasons []string) {
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse {
			reasons = append(reasons, c.Reason+": "+c.Message)
		}
	}
	return reasons
}

// ofContainers returns what a container waits for and how it ended. The termination message is the end of a failed
// container's log, because the pod template sets FallbackToLogsOnError.
func ofContainers(pod corev1.Pod) (reasons []string) {
	for _, s := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		if waits := s.State.Waiting; waits != nil && waits.Message != "" {
			reasons = append(reasons, fmt.Sprintf("container %s waits: %s: %s", s.Name, waits.Reason, waits.Message))
		}
		for _, ended := range []*corev1.ContainerStateTerminated{s.State.Terminated, s.LastTerminationState.Terminated} {
			if ended != nil && (ended.ExitCode != 0 || ended.Reason == "OOMKilled") {
				reasons = append(reasons, fmt.Sprintf("container %s ended with exit code %d (%s), restarts: %d, termination message:\n  %s",
					s.Name, ended.ExitCode, ended.Reason, s.RestartCount, indented(ended.Message)))
				break
			}
		}
	}
	return reasons
}

// ofSlowness returns the last 10 lines of a running pod's log.
func ofSlowness(ctx context.Context, core corev1client.CoreV1Interface, pod corev1.Pod) []string {
	lines := int64(10)
	log, err := core.Pods(pod.Namespace).GetLogs(pod.Name, &corev1.PodLogOptions{TailLines: &lines}).DoRaw(ctx)
	if err != nil {
		return []string{"still running, and its log can't be read: " + err.Error()}
	}
	return []string{"still running; end of its log:\n  " + indented(string(log))}
}

// indented indents lines below the one that introduces them.
func indented(lines string) string { return strings.ReplaceAll(strings.TrimSpace(lines), "\n", "\n  ") }

// reportedElsewhere are event reasons that duplicate the pod's status.
var reportedElsewhere = []string{"FailedScheduling", "BackOff", "Failed"}

// ofEvents returns the warnings about the object, or about objects that a controller named after it: the last one of each
// reason.
func ofEvents(events []corev1.Event, kind, name string) (reasons []string) {
	last := map[string]corev1.Event{}
	for _, e := range events {
		about := e.InvolvedObject
		if about.Kind != kind || about.Name != name && !strings.HasPrefix(about.Name, name+"-") || slices.Contains(reportedElsewhere, e.Reason) {
			continue
		}
		if before, found := last[e.Reason]; !found || before.LastTimestamp.Before(&e.LastTimestamp) {
			last[e.Reason] = e
		}
	}
	for _, e := range last {
		reasons = append(reasons, fmt.Sprintf("%s: %s (count: %d)", e.Reason, strings.TrimSpace(e.Message), max(1, e.Count)))
	}
	slices.Sort(reasons)
	return reasons
}
