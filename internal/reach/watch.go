// Package reach verifies at the end of `pulumi up` that the LAN reaches a Service: MetalLB has assigned and announces
// its address, and a pod responds. Otherwise it reports the cause, so that the operator need not search with kubectl.
// It does for addresses what package await does for pods.
package reach

import (
	"context"
	"fmt"
	"strings"
	"time"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/rest"

	"hankki/internal/kubeconfig"
)

// timeout of one request. The cluster itself may be the problem.
const timeout = 20 * time.Second

// Watch verifies that the LAN reaches Services.
type Watch struct {
	ctx    *pulumi.Context
	client *rest.Config
	stack  Stack
	limit  time.Duration
}

// NewWatch waits up to limit for each Service while its problems may resolve themselves.
func NewWatch(ctx *pulumi.Context, client *rest.Config, stack Stack, limit time.Duration) *Watch {
	return &Watch{ctx: ctx, client: client, stack: stack, limit: limit}
}

// Reachable resolves to true once the LAN reaches the Service at the address. It waits for the address as soon as the
// Service exists, to nudge MetalLB if necessary, and for the rest after rolledOut. Services that this update does not
// change are checked too. It does nothing in a preview.
func (w *Watch) Reachable(s *corev1.Service, address string, rolledOut pulumi.BoolOutput) pulumi.BoolOutput {
	addressed := pulumi.All(s.URN(), s.Metadata).ApplyT(func(all []any) (service, error) {
		metadata := all[1].(metav1.ObjectMeta)
		it := service{namespace: *metadata.Namespace, name: *metadata.Name, address: address, stack: w.stack}
		return it, w.wait(it, true)
	})
	return pulumi.All(addressed, rolledOut).ApplyT(func(all []any) (bool, error) {
		it := all[0].(service)
		err := w.wait(it, false)
		return err == nil, err
	}).(pulumi.BoolOutput)
}

// wait checks until no problem is left: of the address only, or of everything that the LAN needs to reach the
// Service.
func (w *Watch) wait(it service, addressOnly bool) error {
	if w.ctx.DryRun() {
		return nil
	}
	client, err := kubeconfig.NewClient(w.client, timeout)
	if err != nil {
		return fmt.Errorf("%s: %w", it, err)
	}
	l := observer{service: it, client: client, addressOnly: addressOnly, limit: w.limit, begun: time.Now(), since: map[string]time.Time{}, report: func(progress string) {
		_ = w.ctx.Log.Info(progress, nil) // only new progress: the result is the returned error
	}}
	for {
		done, err := l.once(w.ctx.Context())
		if err != nil {
			return err
		}
		if done {
			break
		}
		if err := sleep(w.ctx.Context(), l.pause()); err != nil {
			return fmt.Errorf("%s: %w", it, err)
		}
	}
	for _, line := range l.unchecked {
		_ = w.ctx.Log.Warn(fmt.Sprintf("%s: %s", it, line), nil) // if logging fails, the engine has exited
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // the caller names the Service
	case <-time.After(d):
		return nil
	}
}

// observer are the consecutive checks of one Service.
type observer struct {
	service
	client      kubeconfig.Client
	addressOnly bool
	limit       time.Duration
	report      func(progress string)
	begun       time.Time
	since       map[string]time.Time // start of each current problem
	reported    string
	waited      bool // the previous check found a problem
	looked      time.Time
	nudged      time.Time
	unchecked   []string
}

// pause is the time between two checks. A moving address is unavailable meanwhile, so the first checks are frequent.
func (l *observer) pause() time.Duration {
	switch {
	case time.Since(l.begun) > 10*time.Second:
		return time.Second
	case l.addressOnly:
		return 200 * time.Millisecond
	}
	return 500 * time.Millisecond
}

// once makes one check.
func (l *observer) once(ctx context.Context) (done bool, err error) {
	if l.addressOnly {
		f := &facts{}
		err := l.client.Get(ctx, l.path(), &f.service)
		if err == nil && len(l.unaddressed(f)) == 0 {
			return true, nil
		}
		if time.Since(l.looked) < nudgeAfter { // finding the reason takes a dozen requests
			return false, nil
		}
	}
	return l.all(ctx)
}

// all reads all facts. After a problem, a good result is checked a second time, because MetalLB's statuses are
// briefly outdated after a change.
func (l *observer) all(ctx context.Context) (done bool, err error) {
	l.looked = time.Now()
	f, err := readFacts(ctx, l.client, l.service)
	if err != nil {
		problems := []problem{pass("reading from the cluster: %v", err)}
		return false, l.judge(problems, nil)
	}
	problems := l.unreached(f)
	if l.addressOnly {
		problems = l.unaddressed(f)
	}
	if len(problems) == 0 {
		again := l.waited && !l.addressOnly
		l.waited, l.unchecked = false, nil
		if !l.addressOnly {
			l.unchecked = l.service.unchecked(f)
		}
		return !again, nil
	}
	l.waited = true
	if err := l.judge(problems, f); err != nil {
		return false, err
	}
	return false, l.nudge(ctx, f, problems)
}

// judge reports new problems, and fails if one lasts too long.
func (l *observer) judge(problems []problem, f *facts) error {
	now, since, over := time.Now(), map[string]time.Time{}, false
	var texts []string
	for _, p := range problems {
		first, seen := l.since[p.text]
		if !seen {
			first = now
		}
		since[p.text] = first
		over = over || now.Sub(first) >= min(p.patience, l.limit)
		texts = append(texts, p.text)
	}
	l.since = since
	over = over || now.Sub(l.begun) >= l.limit
	text := strings.Join(texts, "\n")
	switch {
	case over:
		if f != nil {
			texts = append(texts, f.hidden()...)
		}
		return fmt.Errorf("the LAN does not reach %s at %s, after %v:\n  %s", l.service, l.address, now.Sub(l.begun).Round(time.Second),
			strings.ReplaceAll(strings.Join(texts, "\n"), "\n", "\n  "))
	case text != l.reported && now.Sub(l.begun) >= time.Second:
		l.reported = text
		l.report(fmt.Sprintf("%s: %s", l.service, text))
	}
	return nil
}
