package review

import (
	"fmt"
	"slices"
	"strings"

	"hankki/internal/guardrails"
	"hankki/internal/manifest"
	"hankki/internal/plural"
)

// section is a part of a stack's summary.
type section struct {
	title string
	lines []string
}

// headline returns the summary in one line.
func (s Stack) headline() string {
	if len(s.Objects) == 0 && len(s.Settings) == 0 && len(guardrails.Stops(s.Violations)) == 0 {
		return "nothing changes"
	}
	var parts []string
	for _, op := range Ops {
		if n := number(s.Objects, func(o Object) bool { return o.Op == op }); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, op.words()))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "no object changed")
	}
	parts = append(parts, plural.Of(len(s.Pods), "workload")+" with new pods", plural.Of(len(s.builtImages()), "image")+" rebuilt")
	if used := len(s.Images) - len(s.builtImages()); used > 0 {
		parts = append(parts, plural.Of(used, "image")+" by images.use")
	}
	if stops := len(guardrails.Stops(s.Violations)); stops > 0 {
		parts = append(parts, "STOPPED by guard rails: "+plural.Of(stops, "violation"))
	}
	return strings.Join(parts, ", ")
}

// words returns the operation's words in a sentence.
func (o Op) words() string {
	if o == Left {
		return "left in the cluster"
	}
	return string(o)
}

// sections returns the summary, most urgent first, without empty sections.
func (s Stack) sections() []section {
	all := []section{
		{"Guard rails that stop it", stops(s.Violations)},
		{"Stack", s.life()},
		{"Settings", manifest.Lines(s.Settings)},
		{"Objects by tier", byTier(s.Objects)},
		{"Pods", podLines(s.Pods)},
		{"Rebuilt images", imageLines(s.builtImages())},
		{"Images by images.use, not built", s.useLines()},
		{"Addresses", touchedLines(s.Addresses)},
		{"Data and namespaces", touchedLines(s.Data)},
		{"Guard rails with an exception", accepted(s.Violations)},
	}
	return slices.DeleteFunc(all, func(s section) bool { return len(s.lines) == 0 })
}

func (s Stack) life() []string {
	switch {
	case s.New:
		return []string{"new stack: not in the base"}
	case s.Removed:
		return []string{"its file is deleted, but its objects in the cluster are not: run `make destroy` with the previous file"}
	default:
		return nil
	}
}

func stops(violations []guardrails.Violation) (lines []string) {
	for _, v := range guardrails.Stops(violations) {
		lines = append(lines, v.String())
	}
	return lines
}

// accepted returns a line for each exception in use.
func accepted(violations []guardrails.Violation) (lines []string) {
	used := map[*guardrails.Exception][]string{}
	var order []*guardrails.Exception
	for _, v := range violations {
		if v.Exception == nil {
			continue
		}
		if used[v.Exception] == nil {
			order = append(order, v.Exception)
		}
		if !slices.Contains(used[v.Exception], v.Object) {
			used[v.Exception] = append(used[v.Exception], v.Object)
		}
	}
	for _, e := range order {
		lines = append(lines, fmt.Sprintf("%s until %s: %s", e.Rule, e.Until, strings.Join(used[e], ", ")), "  "+strings.TrimSpace(e.Because))
	}
	return lines
}

func byTier(objects []Object) (lines []string) {
	tier := ""
	for _, o := range objects {
		if o.Tier != tier {
			tier = o.Tier
			lines = append(lines, tier)
		}
		line := fmt.Sprintf("  %-8s %s", o.Op.words(), o.Name)
		if len(o.Because) > 0 {
			line += ", because it can't be updated: " + strings.Join(o.Because, "; ")
		}
		lines = append(lines, line)
	}
	return lines
}

func podLines(pods []Restart) (lines []string) {
	for _, p := range pods {
		lines = append(lines, p.Workload+": "+p.How)
		for _, why := range p.Why {
			lines = append(lines, "  "+why)
		}
	}
	return lines
}

// mostFiles is the number of files listed per image.
const mostFiles = 20

func imageLines(images []Image) (lines []string) {
	for _, i := range images {
		switch {
		case len(i.Files) > 0:
			lines = append(lines, fmt.Sprintf("%s: %s of images/%s", i.Name, plural.Of(len(i.Files), "file"), i.Name))
		case len(i.Settings) > 0:
			lines = append(lines, i.Name+": same files, different settings")
		default:
			lines = append(lines, i.Name+": same files, different build arguments")
		}
		for n, file := range i.Files {
			if n == mostFiles {
				lines = append(lines, fmt.Sprintf("  and %d more", len(i.Files)-n))
				break
			}
			lines = append(lines, "  "+file)
		}
		if len(i.Files) == 0 {
			for _, setting := range i.Settings {
				lines = append(lines, "  "+setting)
			}
		}
	}
	return lines
}

// builtImages returns the images that the change rebuilds.
func (s Stack) builtImages() []Image {
	return slices.DeleteFunc(slices.Clone(s.Images), func(i Image) bool { return i.Use != "" })
}

func (s Stack) useLines() (lines []string) {
	for _, i := range s.Images {
		if i.Use != "" {
			lines = append(lines, i.Name+": "+i.Use)
		}
	}
	return lines
}

func touchedLines(all []Touched) (lines []string) {
	for _, t := range all {
		lines = append(lines, t.Object+": "+t.Op.words())
		for _, how := range t.How {
			lines = append(lines, "  "+how)
		}
	}
	return lines
}

func number[T any](all []T, is func(T) bool) (n int) {
	for _, one := range all {
		if is(one) {
			n++
		}
	}
	return n
}
