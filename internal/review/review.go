// Package review compares the resources that a stack's program registers at two revisions, without a cluster. It
// reports the changes, the pods that restart and why, the rebuilt images, and the guard rails that stop the change.
package review

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"hankki/internal/config"
	"hankki/internal/guardrails"
	"hankki/internal/manifest"
)

// Options of a review.
type Options struct {
	Project string    // folder of the Pulumi project, in a git repository
	Base    string    // the revision to compare the working tree with
	Stacks  []string  // names of stacks
	Cache   string    // folder of cached renderings
	Log     io.Writer // progress: a line with the seconds of each step that has ended
}

// Report is the result of a review.
type Report struct {
	Base   Revision `json:"base"`
	Head   Revision `json:"head"`
	Stacks []Stack  `json:"stacks"`
}

// Stack is the review of one stack.
type Stack struct {
	Name       string                 `json:"name"`
	New        bool                   `json:"new,omitempty"`     // the base has no such stack
	Removed    bool                   `json:"removed,omitempty"` // the working tree has no such stack
	Settings   []manifest.Field       `json:"settings"`          // of the stack's file; secrets are placeholders
	Objects    []Object               `json:"objects"`
	Pods       []Restart              `json:"pods"`
	Images     []Image                `json:"images"`
	Addresses  []Touched              `json:"addresses"`
	Data       []Touched              `json:"data"`
	Violations []guardrails.Violation `json:"violations"`
}

// Stopped reports whether a guard rail stops the change.
func (r Report) Stopped() bool {
	for _, s := range r.Stacks {
		if len(guardrails.Stops(s.Violations)) > 0 {
			return true
		}
	}
	return false
}

// Run reviews the working tree. It does not modify it and leaves no checkout behind.
func Run(ctx context.Context, o Options) (report Report, err error) {
	repository, err := root(ctx, o.Project)
	if err != nil {
		return report, err
	}
	exceptions, err := guardrails.Exceptions(time.Now())
	if err != nil {
		return report, err
	}
	if err := os.MkdirAll(o.Cache, 0o700); err != nil {
		return report, err
	}
	scratch, err := os.MkdirTemp(o.Cache, "run-")
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	if report.Base, err = repository.base(ctx, o.Base, "HEAD"); err != nil {
		return report, err
	}
	if report.Head, err = repository.workingTree(ctx, scratch); err != nil {
		return report, err
	}
	steps, remove := newSteps(o.Log), func() {}
	defer func() { remove() }()
	if err := steps.run("checkouts", func() (err error) {
		remove, err = repository.checkouts(ctx, &report.Base, &report.Head, scratch)
		return err
	}); err != nil {
		return report, err
	}
	was, is, err := render(ctx, repository, report.Base, report.Head, o, scratch, steps)
	if err != nil {
		return report, err
	}
	sites := ofSites(slices.Concat(was, is))
	for i, name := range o.Stacks {
		stack, err := reviewed(name, was[i], is[i], report.Base.folder, report.Head.folder, exceptions, sites...)
		if err != nil {
			return report, fmt.Errorf("stack %s: %w", name, err)
		}
		report.Stacks = append(report.Stacks, stack)
	}
	return report, nil
}

// known rejects all stacks that neither revision has, in one error.
func known(stacks []string, revisions ...Revision) error {
	var there, unknown []string
	for _, r := range revisions {
		there = append(there, stacksOf(r.folder)...)
	}
	for _, s := range stacks {
		if !slices.Contains(there, s) {
			unknown = append(unknown, s)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(there)
	return fmt.Errorf("--stack: no file Pulumi.STACK.yaml for %s; the stacks are %s", strings.Join(unknown, ", "), strings.Join(slices.Compact(there), ", "))
}

// render renders both revisions and all their stacks concurrently.
func render(ctx context.Context, repository repository, base, head Revision, o Options, scratch string, steps steps) (was, is []rendering, err error) {
	if err := known(o.Stacks, base, head); err != nil {
		return nil, nil, err
	}
	executable, err := os.Executable()
	if err != nil {
		return nil, nil, fmt.Errorf("finding the command's executable: %w", err)
	}
	pack, err := guardrails.Link(scratch)
	if err != nil {
		return nil, nil, err
	}
	cache, err := newCache(o.Cache, executable)
	if err != nil {
		return nil, nil, err
	}
	group, limited := errgroup.WithContext(ctx)
	for _, one := range []struct {
		revision Revision
		into     *[]rendering
	}{{base, &was}, {head, &is}} {
		own := filepath.Join(scratch, "of-"+filepath.Base(one.revision.folder))
		if err := os.Mkdir(own, 0o700); err != nil {
			return nil, nil, err
		}
		group.Go(func() (err error) {
			*one.into, err = newRenderer(limited, repository, one.revision, own, pack, cache, steps).all(limited, o.Stacks)
			return err
		})
	}
	return was, is, group.Wait() //nolint:wrapcheck // the renderer names the stack and the revision
}

// ofSites returns the resources of the stacks with the role site, whose Services use the pools of the platform's stack.
func ofSites(renderings []rendering) (all []manifest.Resource) {
	for _, r := range renderings {
		if role, _ := r.file.Config["hankki:role"].(string); role == string(config.RoleSite) {
			all = append(all, r.resources...)
		}
	}
	return all
}

// reviewed compares two renderings of a stack. base and head are the folders of the checkouts. sites are the resources of the reviewed
// stacks with the role site.
func reviewed(name string, was, is rendering, base, head string, exceptions []guardrails.Exception, sites ...manifest.Resource) (s Stack, err error) {
	s = Stack{Name: name, New: !was.exists, Removed: !is.exists, Settings: settings(was.file, is.file)}
	before, after := manifest.Pin(was.resources), manifest.Pin(is.resources)
	if s.Objects, err = compare(before, after); err != nil {
		return s, err
	}
	if s.Pods, err = restarts(s.Objects); err != nil {
		return s, err
	}
	if s.Images, err = images(before, after, base, head, is.file.imagesInUse(), s.Settings); err != nil {
		return s, err
	}
	if s.Addresses, err = touched(s.Objects, addressKinds); err != nil {
		return s, err
	}
	if s.Data, err = touched(s.Objects, dataKinds); err != nil {
		return s, err
	}
	s.Violations, err = guardrails.Check(guardrails.Change{Before: was.resources, After: is.resources, Sites: sites, PlainSettings: is.file.plainSettings()}, exceptions)
	return s, err
}
