package move

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"hankki/internal/cluster"
	"hankki/internal/stack"
)

// elsewhere are the components whose objects stay where they are.
var elsewhere = []string{"hankki:components:MetalLB", "hankki:components:MetricsServer"}

// siteOf is the namespace that the site is in by its state, whatever the configuration says meanwhile; empty if it is in none.
func siteOf(state *stack.State) string {
	for _, r := range state.Resources {
		if o, isObject := r.Object(); isObject && o.Namespace != "" && !r.Inside(elsewhere[0]) && !r.Inside(elsewhere[1]) {
			return o.Namespace
		}
	}
	return ""
}

// check refuses, all at once, what would fail after the site was removed. Of a move that has begun some of the site may be there already.
func (m move) check(ctx context.Context, state *stack.State, configured string, begun bool) error {
	var errs []error
	if wrong := validation.IsDNS1123Label(m.to); len(wrong) > 0 {
		return fmt.Errorf("namespace %q is not a valid name: %s", m.to, strings.Join(wrong, ", "))
	}
	if stays := m.to == m.from; stays && m.to == configured && !begun {
		return fmt.Errorf("namespace %s is where the stack is (hankki:namespace): nothing to move; `pulumi up` ends a move whose last deployment failed", m.to)
	}
	if len(state.Resources) == 0 {
		errs = append(errs, errors.New("the stack is not deployed: set hankki:namespace and run `pulumi up`"))
	}
	if begun && m.to == m.from {
		return errors.Join(errs...)
	}
	contents, err := m.client.Contents(ctx, m.to)
	if err != nil {
		errs = append(errs, err)
	}
	var names []string
	for _, o := range contents {
		names = append(names, cluster.Name(&o).String())
	}
	if len(names) > 0 {
		errs = append(errs, fmt.Errorf("namespace %s is not empty, it has: %s; choose another, or remove them", m.to, strings.Join(names, ", ")))
	}
	return errors.Join(errs...)
}
