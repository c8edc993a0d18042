package tools_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/guardrails"
	"hankki/internal/manifest"
	"hankki/internal/plan"
	"hankki/internal/stack"
)

// violation is what the guard rails report about the program tagged.
const violation = "Deployment/shop/web: "

// tagged is a program with one Deployment whose image is IMAGE. The Deployment is a component, so the test needs neither the
// Kubernetes plugin nor a cluster; a policy pack sees the same type and properties.
func tagged(ctx *pulumi.Context) error {
	web := &struct{ pulumi.ResourceState }{}
	if err := ctx.RegisterComponentResource("kubernetes:apps/v1:Deployment", "web", web); err != nil {
		return err
	}
	return ctx.RegisterResourceOutputs(web, pulumi.Map{
		"apiVersion": pulumi.String("apps/v1"), "kind": pulumi.String("Deployment"),
		"metadata": pulumi.Map{"name": pulumi.String("web"), "namespace": pulumi.String("shop")},
		"spec": pulumi.Map{"template": pulumi.Map{"spec": pulumi.Map{"containers": pulumi.Array{
			pulumi.Map{"name": pulumi.String("web"), "image": pulumi.String(os.Getenv("IMAGE"))},
		}}}},
	})
}

// serveGuardRails serves the guard rails of a new stack, as the command hankki does.
func serveGuardRails() {
	before := func(context.Context, string) ([]manifest.Resource, error) { return nil, nil }
	if err := guardrails.Serve(before); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// The guard rails refuse a preview by the pinned CLI with the reason. `hankki plan` fails with the same reason, and otherwise lists
// the changes.
func TestGuardRailsStopAPreview(t *testing.T) {
	t.Parallel()
	for image, stops := range map[string]bool{
		"registry.example.com/web:latest":                            true,
		"registry.example.com/web@sha256:" + strings.Repeat("0", 64): false,
	} {
		t.Run(image, func(t *testing.T) {
			t.Parallel()
			p := newProject(t, newVault(t))
			p.env = append(p.env, programVariable+"=tagged", "IMAGE="+image, "PULUMI_CONFIG_PASSPHRASE=soup")
			p.run(t, "", "stack", "init", "shop")
			pack, err := guardrails.Link(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			printed, err := p.try(t, "", nil, "preview", "--stack", "shop", "--policy-pack", pack)
			check(t, "pulumi preview", printed, err, stops)
			if reported := strings.Count(printed, "[image-by-digest]"); stops && reported != 1 {
				t.Errorf("%d violations are reported, not 1:\n%s", reported, printed)
			}

			s, err := stack.Open(t.Context(), p.folder, "shop", p.environment())
			if err != nil {
				t.Fatal(err)
			}
			var log strings.Builder
			changes, err := plan.Find(t.Context(), s, &log)
			check(t, "hankki plan", log.String(), err, stops)
			if errors.Is(err, plan.ErrStopped) != stops { // exit code 3
				t.Errorf("a guard rail stops the plan: %v", err)
			}
			if !stops && (len(changes) != 2 || changes[0].String() != "create kubernetes:apps/v1:Deployment web" || log.Len() > 0) {
				t.Errorf("the changes are %v; logged is\n%s", changes, log.String())
			}
		})
	}
}

// check compares the result of a preview with whether the guard rails stop it.
func check(t *testing.T, what, printed string, err error, stops bool) {
	t.Helper()
	reason := strings.Contains(printed, violation) && strings.Contains(printed, "[image-by-digest]")
	if (err != nil) != stops || reason != stops {
		t.Errorf("%s: the guard rails should stop it: %t (%v):\n%s", what, stops, err, printed)
	}
}
