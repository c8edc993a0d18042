package drift

import (
	"context"

	"k8s.io/client-go/rest"

	"hankki/internal/ownership"
	"hankki/internal/stack"
)

// additions lists the fields that other field managers added to the stack's objects. A refresh does not report them.
func additions(ctx context.Context, s *stack.Stack, of *stack.State, client *rest.Config) ([]string, error) {
	has := of.Keyed()
	plan := ownership.PlanOf(has)
	found, err := plan.Ask(ctx, client)
	if err != nil {
		return nil, err
	}
	return ownership.NewOwner(s.Project, s.Name(), has).Others(plan, found), nil
}
