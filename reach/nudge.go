package reach

import (
	"context"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
)

const (
	// nudgeAfter is how long a Service may be without its address though that is free. MetalLB gives one within 0.2 s, and
	// nobody reaches the Service meanwhile.
	nudgeAfter = 500 * time.Millisecond
	// nudgeEvery is the time between two nudges.
	nudgeEvery = 5 * time.Second

	nudgeAnnotation = "hankki/nudge"
	nudgeManager    = "hankki-nudge"
)

// nudge has MetalLB look at a Service again that waits for a free address. Its controller (0.15.2) tries a Service again
// only when the Service changes or when another one loses its address: if two Services swap theirs in one update, the
// first of them waits for ever. An annotation is added and removed, which leaves no trace, in managedFields neither.
func (l *looks) nudge(ctx context.Context, f *facts) error {
	if f.service == nil || len(l.unaddressed(f)) == 0 || l.hasCause(f) {
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
			return fmt.Errorf("%s waits for %s, which is free, and MetalLB does not look at it again; the user of the kubeconfig may not patch the Service to have it look: %w", l.service, l.address, err)
		}
		// Any other error is of a cluster that is away for a moment: the next look finds out.
	}
	return nil
}

// hasCause tells whether a known cause keeps the address from the Service.
func (l *looks) hasCause(f *facts) bool {
	for _, p := range l.unaddressed(f) {
		if p.lasts() {
			return true
		}
	}
	return false
}
