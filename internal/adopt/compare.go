package adopt

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"hankki/internal/ownership"
)

// unknown is how the engine writes a value that is known only after something else was created.
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

// compare asks the API server, in a dry run, what the object becomes when the stack applies its manifest.
func (t takeover) compare(ctx context.Context, f *Foreign, wanted *unstructured.Unstructured) {
	if f.Object.Kind.Group == "" && f.Object.Kind.Kind == "Secret" {
		f.Notes = append(f.Notes, "its values are secrets, and are not compared: the next up writes the stack's")
		return
	}
	resource, err := t.client.Resource(f.Object)
	if err != nil {
		f.Notes = append(f.Notes, err.Error())
		return
	}
	t.warnings.take()
	applied, err := resource.Apply(ctx, wanted.GetName(), wanted, metav1.ApplyOptions{FieldManager: cmp.Or(f.manager, "hankki"), Force: true, DryRun: []string{metav1.DryRunAll}})
	f.Notes = append(f.Notes, t.warnings.take()...)
	switch {
	case immutable(err):
		f.Replace = reasonOf(err)
	case err != nil:
		f.Notes = append(f.Notes, "what the next up changes is not known: "+reasonOf(err))
	default:
		f.Changes = differences("", content(f.live), content(applied))
		f.Removes = removed(f.live, applied)
	}
}

// immutable tells whether the API server refuses a change of a field that can be set only at creation.
func immutable(err error) bool {
	if !apierrors.IsInvalid(err) && !apierrors.IsForbidden(err) {
		return false
	}
	for _, word := range []string{"immutable", "may not change", "may not be changed", "can't be changed", "cannot be changed", "forbidden: updates to"} {
		if strings.Contains(strings.ToLower(err.Error()), word) {
			return true
		}
	}
	return false
}

// reasonOf is the API server's message, in one line and without the object's name, which stands beside it.
func reasonOf(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if _, reason, found := strings.Cut(text, " is invalid: "); found {
		return reason
	}
	return text
}

// content is the object without what the API server and the mark change by themselves.
func content(o *unstructured.Unstructured) map[string]any {
	c := o.DeepCopy()
	for _, field := range []string{"managedFields", "resourceVersion", "generation", "uid", "creationTimestamp"} {
		unstructured.RemoveNestedField(c.Object, "metadata", field)
	}
	unstructured.RemoveNestedField(c.Object, "status")
	annotations := c.GetAnnotations()
	maps.DeleteFunc(annotations, func(key, _ string) bool {
		return strings.HasPrefix(key, "hankki/") || strings.HasPrefix(key, "pulumi.com/")
	})
	c.SetAnnotations(annotations)
	if len(annotations) == 0 {
		unstructured.RemoveNestedField(c.Object, "metadata", "annotations")
	}
	return c.Object
}

// differences lists the fields that differ, as "path: old → new".
func differences(path string, before, after any) []string {
	if was, ok := keyed(before); ok {
		if is, ok := keyed(after); ok {
			var lines []string
			keys := slices.Sorted(maps.Keys(was))
			for key := range is {
				if _, there := was[key]; !there {
					keys = append(keys, key)
				}
			}
			slices.Sort(keys)
			for _, key := range keys {
				lines = append(lines, differences(strings.TrimPrefix(path+"."+key, "."), was[key], is[key])...)
			}
			return lines
		}
	}
	from, to := short(before), short(after)
	if from == to {
		return nil
	}
	return []string{fmt.Sprintf("%s: %s → %s", path, from, to)}
}

// keyed is a map by its keys, or a list of objects by their names.
func keyed(v any) (map[string]any, bool) {
	switch v := v.(type) {
	case map[string]any:
		return v, true
	case []any:
		byName := map[string]any{}
		for _, item := range v {
			object, _ := item.(map[string]any)
			name, named := object["name"].(string)
			if !named {
				return nil, false
			}
			byName[name] = item
		}
		return byName, len(byName) > 0
	default:
		return nil, false
	}
}

func short(v any) string {
	if v == nil {
		return "(none)"
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	const most = 120
	said := strings.ReplaceAll(string(text), unknown, "(known once other objects are there)")
	if runes := []rune(said); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return said
}

// removed lists the fields that kubectl wrote and the applied object does not set: the stack takes them over, and its next
// apply removes them.
func removed(live *unstructured.Unstructured, applied *unstructured.Unstructured) []string {
	var theirs []metav1.ManagedFieldsEntry
	for _, m := range live.GetManagedFields() {
		if byKubectl(m) {
			theirs = append(theirs, m)
		}
	}
	kept := slices.DeleteFunc(slices.Clone(applied.GetManagedFields()), byKubectl)
	return slices.DeleteFunc(ownership.FieldsBeyond(theirs, kept), func(path string) bool {
		return strings.HasSuffix(path, corev1.LastAppliedConfigAnnotation) // kubectl's own note
	})
}
