package drift

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"k8s.io/client-go/rest"

	"hankki/internal/manifest"
	"hankki/internal/ownership"
	"hankki/internal/stack"
)

// additions lists the fields that other field managers added to the stack's objects. A refresh does not report them.
func additions(ctx context.Context, s *stack.Stack, state *stack.State, client *rest.Config) ([]ownership.Addition, error) {
	resources := state.Keyed()
	plan := ownership.PlanOf(resources)
	found, err := plan.Read(ctx, client)
	if err != nil {
		return nil, err
	}
	return ownership.NewOwner(s.Project, s.Name(), resources).Additions(plan, found), nil
}

// listKey is the key of a list item in a path of managedFields: [name="flask"] of containers[name="flask"].
var listKey = regexp.MustCompile(`\[[a-zA-Z]+="([^"]*)"\]`)

// isChange reports whether one of the changes already has the field: a manager that changes a field of the stack is also a manager
// of it.
func isChange(a ownership.Addition, changes []Change) bool {
	path := listKey.ReplaceAllString(strings.TrimPrefix(a.Path, "."), "[$1]")
	return slices.ContainsFunc(changes, func(c Change) bool {
		return c.Object == a.Object.String() && slices.ContainsFunc(c.Fields, func(f manifest.Field) bool { _, under := f.Under(path); return under })
	})
}
