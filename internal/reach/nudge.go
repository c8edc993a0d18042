package reach

import (
	"context"
	"fmt"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
)

const (
	// nudgeAfter is how long MetalLB may not process a Service for no known reason. MetalLB assigns a free address
	// within 0.2 s; until then clients can't reach the Service.
	nudgeAfter = 300 * time.Millisecond
	// nudgeEvery is the time between two nudges.
	nudgeEvery = 5 * time.Second

	nudgeAnnotation = "hankki/nudge"
	nudgeManager    = "hankki-nudge"
)

// nudge makes MetalLB reconcile a Service that it no longer processes. MetalLB 0.15.2 has two such cases, and
// reconciles only after a change of the Service:
//   - Two Services swap addresses in one update. The first one waits forever, because the controller retries a
//     Service only when another one releases its address.
//   - A speaker starts while the ServiceL2Status of its predecessor exists. It announces the Service, but its status
//     stays deleted or names another node (https://github.com/metallb/metallb/issues/2930, fixed in 0.16).
//
// An annotation is added and removed, so no change remains, not even in managedFields.
func (l *observer) nudge(ctx context.Context, f *facts, problems []problem) error {
	if f.service == nil || !slices.ContainsFunc(problems, problem.unexplained) {
		return nil
	}
	now := time.Now()
	if now.Sub(l.begun) < nudgeAfter || now.Sub(l.nudged) < nudgeEvery {
		return nil
	}
	l.nudged = now
	for _, value := range []string{`"again"`, `null`} {
		err := l.client.Patch(types.MergePatchType).AbsPath(l.path()).Param("fieldManager", nudgeManager).
			Body([]byte(`{"metadata":{"annotations":{"` + nudgeAnnotation + `":` + value + `}}}`)).Do(ctx).Error()
		if apierrors.IsForbidden(err) {
			return fmt.Errorf("%s: MetalLB no longer processes it, and the user of the kubeconfig lacks permission to patch it, which would trigger MetalLB: %s: %w",
				l.service, problems[0].text, err)
		}
		// Other errors are temporary; the next check repeats the patch.
	}
	return nil
}
