package staging

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
)

// Stage makes the folder a Pulumi project of the checkout with the stack and its settings, and selects the stack in the backend
// of the environment. A stack that does not exist is created. The checkout is not changed.
func Stage(ctx context.Context, checkout, program, folder string, stack Stack) error {
	if err := stack.Check(checkout); err != nil {
		return err
	}
	if err := Project(checkout, folder, program); err != nil {
		return err
	}
	if err := stack.Write(checkout, folder); err != nil {
		return err
	}
	_, err := auto.SelectStackLocalSource(ctx, stack.Name, folder)
	if auto.IsSelectStack404Error(err) {
		_, err = auto.NewStackLocalSource(ctx, stack.Name, folder)
	}
	if err != nil {
		return fmt.Errorf("stack %s: %w", stack.Name, err)
	}
	return nil
}
