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
	// PackName is the name of the policy pack and of its executable, a link to the command hankki.
	PackName = "hankki-guard-rails"
	// RecordVariable names a file. If it is set, the pack applies no rule, but writes the registered resources to the
	// file as JSON, for a review. Use it for renderings only, because it writes digests of secrets.
	RecordVariable = "HANKKI_RECORD"
)

// Serve runs the policy pack; `pulumi preview --policy-pack FILE` starts and stops it. before reads the stack's
// current resources.
func Serve(before func(ctx context.Context, stack string) ([]manifest.Resource, error)) error {
	err := policyx.Main(func(ctx *pulumi.Context) (policyx.PolicyPack, error) {
		version := semver.MustParse("1.0.0") // required by Pulumi
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
				Description: "Rules that every deployment must follow (docs/review.md).", EnforcementLevel: policyx.EnforcementLevelMandatory, ValidateStack: check,
			}),
		})
	})
	if err != nil {
		return fmt.Errorf("policy pack %s: %w", PackName, err)
	}
	return nil
}

// registered returns the Kubernetes objects among a program's resources.
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

// report passes the violations without an exception to Pulumi, which then stops.
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

// retain copies Retained from the state, because the engine does not pass it to policy packs.
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
		return fmt.Errorf("recording the registered resources: %w", err)
	}
	return nil
}
