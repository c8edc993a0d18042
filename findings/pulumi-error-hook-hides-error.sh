#!/usr/bin/env bash
# Pulumi 3.259.0 (engine and Go SDK): a failing error hook hides the error for which it was called.
#
# The engine calls an error hook with the error when a resource could not be created; the hook decides about a retry. If the hook
# itself returns an error, for example because it notifies a chat or queries a cluster, the engine reports only the hook's error.
# The output does not contain the cause of the failed creation. This script runs the engine in memory, in its own test framework,
# with a provider whose create fails. The first compilation takes minutes of CPU time.
#
# Observed:
#   the hook returns no error: the quota is used up
#   the hook returns an error: error hooks execution failed: error hook "notify" failed: the chat does not answer
#
# Exit: 0 as stated, 1 changed, 2 not tried.
set -euo pipefail
trap 'exit 2' ERR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOWORK=off GOFLAGS=-mod=mod

cat >finding_test.go <<'GO'
package finding

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/pkg/v3/engine"
	"github.com/pulumi/pulumi/pkg/v3/engine/lifecycletest/framework"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy/deploytest"
	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// up gives what the engine reports of an update with one bucket, which can't be created.
func up(t *testing.T, hook pulumi.ErrorHookFunction) (said []string) {
	cloud := deploytest.NewProviderLoader("cloud", semver.MustParse("1.0.0"), func() (plugin.Provider, error) {
		return &deploytest.Provider{CreateF: func(context.Context, plugin.CreateRequest) (plugin.CreateResponse, error) {
			return plugin.CreateResponse{Status: resource.StatusOK}, errors.New("the quota is used up")
		}}, nil
	})
	program := deploytest.NewLanguageRuntimeF(func(info plugin.RunInfo, _ *deploytest.ResourceMonitor) error {
		ctx, err := pulumi.NewContext(context.Background(), pulumi.RunInfo{
			Project: info.Project, Stack: info.Stack, Parallel: info.Parallel, DryRun: info.DryRun, MonitorAddr: info.MonitorAddress,
		})
		if err != nil {
			return err
		}
		defer ctx.Close()
		return pulumi.RunWithContext(ctx, func(ctx *pulumi.Context) error {
			notify, err := ctx.RegisterErrorHook("notify", hook)
			if err != nil {
				return err
			}
			hooks := pulumi.ResourceHooks(&pulumi.ResourceHookBinding{OnError: []*pulumi.ErrorHook{notify}})
			return ctx.RegisterResource("cloud:index:Bucket", "bucket", pulumi.Map{}, &pulumi.CustomResourceState{}, hooks)
		})
	})
	plan := &framework.TestPlan{Options: framework.TestUpdateOptions{
		T: t, SkipDisplayTests: true, HostF: deploytest.NewPluginHostF(nil, nil, program, nil, nil, cloud),
	}}
	// The update fails, as it must. What it says is in the events.
	_, _ = framework.TestOp(engine.Update).Run(plan.GetProject(), plan.GetTarget(t, nil), plan.Options, false, nil,
		func(_ workspace.Project, _ deploy.Target, _ engine.JournalEntries, events []engine.Event, err error) error {
			for _, e := range events {
				if e.Type == engine.DiagEvent {
					said = append(said, e.Payload().(engine.DiagEventPayload).Message)
				}
			}
			return err
		})
	return said
}

func Test(t *testing.T) {
	for _, message := range up(t, func(*pulumi.ErrorHookArgs) (retry bool, err error) { return false, nil }) {
		fmt.Println("the hook returns no error:", message)
	}
	for _, message := range up(t, func(*pulumi.ErrorHookArgs) (retry bool, err error) {
		return false, errors.New("the chat does not answer")
	}) {
		fmt.Println("the hook returns an error:", message)
	}
}
GO
cat >go.mod <<'GO'
module finding

go 1.26

require (
	github.com/pulumi/pulumi/pkg/v3 v3.259.0
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)
GO
# Without the marks of colours, and without the last line of each update, which says only that it failed.
said=$(go test -count=1 -v . | grep '^the hook' | sed 's/<{%[a-z ]*%}>//g' | grep -v ': update failed$')
printf '%s\n' "$said"

[[ $said == 'the hook returns no error: the quota is used up
the hook returns an error: error hooks execution failed: error hook "notify" failed: the chat does not answer' ]] || exit 1
