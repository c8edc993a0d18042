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
	// nudgeAfter is how long MetalLB may leave a Service alone without a reason. It gives a free address within 0.2 s, and
	// until then no client reaches the Service.
	nudgeAfter = 500 * time.Millisecond
	// nudgeEvery is the time between two nudges.
	nudgeEvery = 5 * time.Second

	nudgeAnnotation = "hankki/nudge"
	nudgeManager    = "hankki-nudge"
)

// nudge has MetalLB look again at a Service that it has forgotten. MetalLB 0.15.2 does in two cases, and looks again only
// when the Service changes:
//   - two Services swap their addresses in one update: the first of them waits for ever, for its controller tries a Service
//     again only when another one loses its address;
//   - a speaker starts while the ServiceL2Status of the one before is still there: it announces the Service, and its status
//     stays deleted or names another node (https://github.com/metallb/metallb/issues/2930, mended in 0.16).
//
// An annotation is added and removed, which leaves no trace, in managedFields neither.
func (l *looks) nudge(ctx context.Context, f *facts, problems []problem) error {
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
			return fmt.Errorf("%s: MetalLB has forgotten it, and the user of the kubeconfig may not patch it to have MetalLB look again: %s: %w",
				l.service, problems[0].text, err)
		}
		// Any other error is of a cluster that is away for a moment: the next look finds out.
	}
	return nil
}
