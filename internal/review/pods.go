package review

import (
	"fmt"
	"slices"
	"strings"

	"hankki/internal/manifest"
	"hankki/internal/plural"
)

// Restart is a workload whose pods are replaced, created or deleted.
type Restart struct {
	Workload string   `json:"workload"` // e.g. Deployment hankki/backend
	How      string   `json:"how"`
	Why      []string `json:"why"`
}

// template is the path of the pod template in a workload.
const template = "spec.template"

// restarts lists the pods that are created, deleted or replaced, and why.
func restarts(objects []Object) ([]Restart, error) {
	all := []Restart{}
	for _, o := range objects {
		was, wasOne, err := manifest.WorkloadOf(o.before)
		if err != nil {
			return nil, err
		}
		is, isOne, err := manifest.WorkloadOf(o.after)
		if err != nil {
			return nil, err
		}
		if !wasOne && !isOne || o.Name.Is("batch", "CronJob") { // the next run of a CronJob uses its new template
			continue
		}
		how, why := replaced(o, was, is)
		if how != "" {
			all = append(all, Restart{Workload: o.Name.String(), How: how, Why: why})
		}
	}
	return all, nil
}

// replaced describes how the pods are replaced, and because of which fields; how is empty if they are not.
func replaced(o Object, was, is manifest.Workload) (how string, why []string) {
	why = reasons(o.Fields)
	switch {
	case o.Op == Created || o.Op == Deleted || o.Op == Left:
		return createdOrDeleted(o, was, is)
	case len(why) == 0 && o.Op != Replaced && was.Replicas != is.Replicas:
		return fmt.Sprintf("%d → %d pods; none restarts", was.Replicas, is.Replicas), fieldsAt(o.Fields, "spec.replicas")
	case len(why) == 0 && o.Op != Replaced:
		return "", nil
	default:
		return change(o, was, is), slices.Concat(why, o.outside())
	}
}

// change describes how the pods of a workload are replaced.
func change(o Object, was, is manifest.Workload) string {
	switch {
	case is.Kind == "Job":
		return "runs again"
	case o.Op == Replaced:
		return count(was) + " stop, then " + count(is) + " start: the " + is.Kind + " is replaced"
	case is.Kind == "DaemonSet":
		return "one pod per node, node by node"
	case is.Recreate:
		return count(was) + " stop before new ones start"
	case was.Replicas != is.Replicas:
		return fmt.Sprintf("%d → %d pods, all replaced: each new pod is ready before an old one stops", was.Replicas, is.Replicas)
	default:
		return count(is) + " replaced: each new pod is ready before an old one stops"
	}
}

func createdOrDeleted(o Object, was, is manifest.Workload) (how string, why []string) {
	switch {
	case o.Op == Left:
		return "", nil
	case o.Op == Deleted:
		return count(was) + " stop", []string{"the " + was.Kind + " is deleted"}
	case is.Kind == "Job":
		return "runs once", []string{"the Job is new"}
	default:
		return count(is) + " start", []string{"the " + is.Kind + " is new"}
	}
}

// outside returns the immutable fields outside the pod template that cause the replacement.
func (o Object) outside() (why []string) {
	for _, f := range manifest.Replacing(o.after, o.Fields) {
		if _, under := f.Under(template); !under {
			why = append(why, f.String())
		}
	}
	return why
}

// reasons describes the changed fields of the template, a line each. A Secret with changed content has one line, at its first field:
// a container may read it by many variables.
func reasons(fields []manifest.Field) (lines []string) {
	type secret struct{ was, is any }
	at := map[secret]int{} // the line of each Secret
	more := map[int]int{}  // the number of its further fields, by line
	for _, f := range fields {
		path, under := f.Under(template)
		if !under {
			continue
		}
		f.Path = strings.TrimPrefix(path, "spec.")
		line := f.String()
		if isSecretName(f) {
			line += " (a Secret with changed content)"
			key := secret{f.Old, f.New}
			if first, listed := at[key]; listed {
				more[first]++
				continue
			}
			at[key] = len(lines)
		}
		lines = append(lines, line)
	}
	for i, n := range more {
		lines[i] += ", and " + plural.Of(n, "further field")
	}
	return lines
}

// isSecretName reports whether the field is the name of another Secret than before.
func isSecretName(f manifest.Field) bool {
	_, was := f.Old.(string)
	_, is := f.New.(string)
	return was && is && (strings.HasSuffix(f.Path, "secretKeyRef.name") || strings.HasSuffix(f.Path, "secretName"))
}

func fieldsAt(fields []manifest.Field, path string) (lines []string) {
	for _, f := range fields {
		if _, under := f.Under(path); under {
			lines = append(lines, f.String())
		}
	}
	return lines
}

func count(w manifest.Workload) string {
	if w.Kind == "DaemonSet" {
		return "the pods on all nodes"
	}
	return plural.Of(w.Replicas, "pod")
}
