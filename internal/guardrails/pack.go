package guardrails

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/policyx"

	"hankki/internal/manifest"
)

const (
	// PackName is the name of the policy pack, and of the executable file that Pulumi starts as it: a link to the command hankki.
	PackName = "hankki-guard-rails"
	// RecordVariable names a file. With it the pack applies no rule, but writes there as JSON what the program registers, for a
	// review. It is for renderings only: the marks of secrets have digests then.
	RecordVariable = "HANKKI_RECORD"
)

// Serve is the policy pack: `pulumi preview --policy-pack FILE` starts it and stops it. before reads what the stack has.
func Serve(before func(ctx context.Context, stack string) ([]manifest.Resource, error)) error {
	err := policyx.Main(func(ctx *pulumi.Context) (policyx.PolicyPack, error) {
		version := semver.MustParse("1.0.0") // Pulumi asks for one
		check := func(deadline context.Context, args policyx.StackValidationArgs) error {
			if file := os.Getenv(RecordVariable); file != "" {
				return record(file, registered(args.Resources, digest))
			}
			has, err := before(deadline, ctx.Stack())
			if err != nil {
				return err
			}
			return report(has, args)
		}
		return policyx.NewPolicyPack(PackName, version, policyx.EnforcementLevelMandatory, []policyx.Policy{
			policyx.NewStackValidationPolicy("guard-rails", policyx.StackValidationPolicyArgs{
				Description: "What no deployment may do (docs/review.md).", EnforcementLevel: policyx.EnforcementLevelMandatory, ValidateStack: check,
			}),
		})
	})
	if err != nil {
		return fmt.Errorf("policy pack %s: %w", PackName, err)
	}
	return nil
}

// registered are the Kubernetes objects among the resources of a program.
func registered(resources []policyx.AnalyzerResource, mark func(resource.PropertyValue) string) (all []manifest.Resource) {
	for _, r := range resources {
		if !strings.HasPrefix(r.Type, "kubernetes:") {
			continue
		}
		one := manifest.Resource{URN: r.URN, Object: objectOf(resource.ToResourcePropertyMap(r.Properties), mark)}
		if _, ok := one.Name(); ok {
			all = append(all, one)
		}
	}
	return all
}

// report has Pulumi print the violations, and stop for those without an exception.
func report(before []manifest.Resource, args policyx.StackValidationArgs) error {
	exceptions, err := Exceptions(time.Now())
	if err != nil {
		return err
	}
	after := registered(args.Resources, blank)
	retain(before, after)
	violations, err := Check(Change{Before: before, After: after}, exceptions)
	if err != nil {
		return err
	}
	for _, v := range Stops(violations) {
		args.Manager.ReportViolation(v.String(), v.URN)
	}
	return nil
}

// retain takes over from the state what the engine does not tell a policy pack: which objects a deletion leaves alone.
func retain(before, after []manifest.Resource) {
	was := manifest.ByObject(before)
	for i := range after {
		if name, ok := after[i].Name(); ok {
			after[i].Retained = was[name.Key()].Retained
		}
	}
}

func record(file string, resources []manifest.Resource) error {
	text, err := json.Marshal(resources)
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("recording what the program registers: %w", err)
	}
	return nil
}
