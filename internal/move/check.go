package move

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"hankki/internal/cluster"
	"hankki/internal/config"
	"hankki/internal/stack"
)

// elsewhere are the components whose objects are not moved.
var elsewhere = []string{"hankki:components:MetalLB", "hankki:components:MetricsServer"}

// movable rejects a stack that does not create the namespace of its site.
func movable(role config.Role) error {
	switch role {
	case config.RoleSite:
		return fmt.Errorf("hankki:role is %q: the platform's stack creates the namespace, and the deployer has rights in no other; back the database up, and restore it in a new site", role)
	case config.RolePlatform:
		return fmt.Errorf("hankki:role is %q: the stack has no site", role)
	default:
		return nil
	}
}

// siteOf returns the namespace of the site according to its state, regardless of the configuration; empty if it is in
// none.
func siteOf(state *stack.State) string {
	for _, r := range state.Resources {
		if o, isObject := r.Object(); isObject && o.Namespace != "" && !r.Inside(elsewhere[0]) && !r.Inside(elsewhere[1]) {
			return o.Namespace
		}
	}
	return ""
}

// check rejects, in one error, everything that would fail after the site's deletion. After an interrupted move, part
// of the site may be in the new namespace already.
func (m move) check(ctx context.Context, state *stack.State, configured string, begun bool) error {
	var errs []error
	if wrong := validation.IsDNS1123Label(m.to); len(wrong) > 0 {
		return fmt.Errorf("namespace %q is not a valid name: %s", m.to, strings.Join(wrong, ", "))
	}
	back := m.to == m.from // after an interrupted move, unless the site has not left
	if back && m.to == configured && !begun {
		return fmt.Errorf("namespace %s is the stack's current namespace (hankki:namespace): nothing to move; if the last deployment of a move failed, run `pulumi up`", m.to)
	}
	if len(state.Resources) == 0 {
		errs = append(errs, errors.New("the stack is not deployed: set hankki:namespace and run `pulumi up`"))
	}
	if begun && back {
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
		errs = append(errs, fmt.Errorf("namespace %s is not empty, it contains: %s; choose another namespace, or delete these objects", m.to, strings.Join(names, ", ")))
	}
	return errors.Join(errs...)
}
