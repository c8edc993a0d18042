package move

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"

	"hankki/internal/config"
	"hankki/internal/stack"
)

// try has the program check, by a preview, whether the stack could be deployed in a namespace: rights, objects of others, a namespace
// that is being deleted, a pool that excludes it.
func try(ctx context.Context, s *stack.Stack, namespace string, log io.Writer) error {
	var printed bytes.Buffer // of interest only if it fails: a move replaces everything
	err := s.RunFor(config.Command{Move: namespace}, func() error {
		_, err := s.Preview(ctx, optpreview.ProgressStreams(&printed), optpreview.ErrorProgressStreams(&printed), optpreview.SuppressProgress())
		return err //nolint:wrapcheck // what Pulumi printed says it
	})
	if err != nil {
		_, _ = printed.WriteTo(log) // a log that can't be written is no second error
		return fmt.Errorf("stack %s can't be deployed in namespace %s; what its preview printed is above; nothing has been moved", s.Name(), namespace)
	}
	return nil
}

func setNamespace(ctx context.Context, s *stack.Stack, namespace string) error {
	if err := s.SetConfig(ctx, "hankki:namespace", auto.ConfigValue{Value: namespace}); err != nil {
		return fmt.Errorf("hankki:namespace of stack %s: %w; set it to %s and run `pulumi up`", s.Name(), err, namespace)
	}
	return nil
}
