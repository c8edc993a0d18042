package components

import (
	"crypto/rand"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NewGeneratedSecret generates a secret once and stores it encrypted in the stack's state. Pulumi's Stash keeps the first
// value even though each run generates another. The secret has at least 128 bits, in letters and digits.
func NewGeneratedSecret(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	return keepFirst(ctx, name, pulumi.String(rand.Text()+rand.Text()), opts...)
}

// keepFirst stores the first text that it receives, as a secret.
func keepFirst(ctx *pulumi.Context, name string, text pulumi.StringInput, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	stash, err := pulumi.NewStash(ctx, name, &pulumi.StashArgs{Input: pulumi.ToSecret(text)}, append(opts, pulumi.IgnoreChanges([]string{"input"}))...)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("secret %q: %w", name, err)
	}
	value := stash.Output.ApplyT(func(v any) (string, error) {
		text, ok := v.(string)
		if !ok {
			return "", fmt.Errorf("secret %q: the state holds %T instead of a text", name, v)
		}
		return text, nil
	})
	return pulumi.ToSecret(value).(pulumi.StringOutput), nil
}

// Keep stores a text unencrypted in the stack's state, as the Stash of that name.
func Keep(ctx *pulumi.Context, name, text string) error {
	if _, err := pulumi.NewStash(ctx, name, &pulumi.StashArgs{Input: pulumi.String(text)}); err != nil {
		return fmt.Errorf("stash %q: %w", name, err)
	}
	return nil
}
