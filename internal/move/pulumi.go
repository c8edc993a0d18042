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

// try previews the deployment in a namespace, so that the program checks permissions, foreign objects, a namespace
// that is being deleted, and pools that exclude it.
func try(ctx context.Context, s *stack.Stack, namespace string, log io.Writer) error {
	var printed bytes.Buffer // printed only on failure: a move replaces every object
	err := s.RunFor(config.Command{Move: namespace}, func() error {
		_, err := s.Preview(ctx, optpreview.ProgressStreams(&printed), optpreview.ErrorProgressStreams(&printed), optpreview.SuppressProgress())
		return err //nolint:wrapcheck // Pulumi's output describes the error
	})
	if err != nil {
		_, _ = printed.WriteTo(log) // a write error of the log is not reported
		return fmt.Errorf("stack %s can't be deployed in namespace %s; the output of its preview is above; nothing has been moved", s.Name(), namespace)
	}
	return nil
}

func setNamespace(ctx context.Context, s *stack.Stack, namespace string) error {
	if err := s.SetConfig(ctx, "hankki:namespace", auto.ConfigValue{Value: namespace}); err != nil {
		return fmt.Errorf("hankki:namespace of stack %s: %w; set it to %s and run `pulumi up --stack %[1]s`", s.Name(), err, namespace)
	}
	return nil
}
