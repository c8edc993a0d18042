package await

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/rest"

	"hankki/internal/stacktest"
)

// messageOf returns the message of the Job backend-release on a cluster that answers like that, and the cluster's requests.
func messageOf(t *testing.T, code int, pods string, options ...pulumi.RunOption) (message string, requests []string) {
	t.Helper()
	message = "not resolved"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests = append(requests, r.URL.String())
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		io.WriteString(w, pods)
	}))
	defer server.Close()
	if err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		w := &Watch{ctx: ctx, client: &rest.Config{Host: server.URL}}
		job, err := batchv1.NewJob(ctx, "backend-release", &batchv1.JobArgs{
			Metadata: metav1.ObjectMetaArgs{Name: pulumi.String("backend-release-1"), Namespace: pulumi.String("hankki")},
		})
		if err != nil {
			return err
		}
		ctx.Export("message", w.Message(job).ApplyT(func(known string) string { message = known; return known }))
		return nil
	}, append(options, pulumi.WithMocks("hankki", "test", stacktest.Engine{}))...); err != nil {
		t.Fatal(err)
	}
	return message, requests
}

func endedPod(phase, message string) string {
	return `{"metadata":{"name":"x"},"status":{"phase":"` + phase + `","containerStatuses":[{"name":"release","state":{"terminated":{"exitCode":0,"message":"` + message + `"}}}]}}`
}

func TestMessageIsThatOfTheSuccessfulPod(t *testing.T) {
	message, requests := messageOf(t, http.StatusOK, `{"kind":"PodList","apiVersion":"v1","items":[`+endedPod("Failed", "Traceback")+","+endedPod("Succeeded", "0009")+`]}`)
	if message != "0009" || len(requests) != 1 || requests[0] != "/api/v1/namespaces/hankki/pods?labelSelector=batch.kubernetes.io%2Fjob-name%3Dbackend-release-1" {
		t.Errorf("message %q by %v", message, requests)
	}
}

// A node that was drained took the pod along; a deployer may have no right to list pods. Neither fails the up.
func TestMessageOfAMissingPodIsEmpty(t *testing.T) {
	for name, answer := range map[string]struct {
		code int
		pods string
	}{
		"no pod":    {http.StatusOK, `{"kind":"PodList","apiVersion":"v1","items":[]}`},
		"forbidden": {http.StatusForbidden, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403}`},
	} {
		t.Run(name, func(t *testing.T) {
			if message, requests := messageOf(t, answer.code, answer.pods); message != "" || len(requests) != 1 {
				t.Errorf("message %q by %v", message, requests)
			}
		})
	}
	if message, requests := messageOf(t, http.StatusOK, "", stacktest.Preview); message != "" || len(requests) > 0 {
		t.Errorf("a preview: message %q by %v", message, requests)
	}
}
