package stack

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"

	"hankki/internal/config"
	"hankki/internal/registry"
)

// source is the configuration of a stack as `pulumi config` prints it.
type source auto.ConfigMap

func (s source) GetConfig(key string) (value string, found bool) {
	v, found := s[key]
	return v.Value, found
}

func (s source) IsConfigSecret(key string) bool { return s[key].Secret }

// Keys returns nothing: the program itself reports unknown keys.
func (source) Keys() []string { return nil }

// Registry returns the stack's configuration and a client of its registry. Errors of other keys are ignored, because the
// program reports them.
func (s *Stack) Registry(ctx context.Context) (*config.Config, *registry.Client, error) {
	all, err := s.GetAllConfig(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("configuration of stack %s: %w", s.Name(), err)
	}
	c, _ := config.Load(s.Name(), source(all)) // an invalid registry is an error below
	if c.Registry.CAFile != "" && !filepath.IsAbs(c.Registry.CAFile) {
		c.Registry.CAFile = filepath.Join(s.Workspace().WorkDir(), c.Registry.CAFile) // as the program reads it
	}
	client, err := registry.Of(c)
	if err != nil {
		return nil, nil, fmt.Errorf("configuration of stack %s: %w", s.Name(), err)
	}
	return c, client, nil
}

// Use writes images.use into the stack's file: the images, by tier. The file's comments stay.
func (s *Stack) Use(ctx context.Context, images map[string]string) error {
	values := auto.ConfigMap{}
	for tier, ref := range images {
		values["hankki:images.use."+tier] = auto.ConfigValue{Value: ref}
	}
	if err := s.SetAllConfigWithOptions(ctx, values, &auto.ConfigOptions{Path: true}); err != nil {
		return fmt.Errorf("hankki:images.use of stack %s: %w", s.Name(), err)
	}
	return nil
}
