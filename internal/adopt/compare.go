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

// unknown is the engine's placeholder for a value that is known only after another resource is created.
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

// compare sends a dry-run apply of the stack's manifest to the API server, and lists the differences to the live
// object.
func (t takeover) compare(ctx context.Context, f *Foreign, wanted *unstructured.Unstructured) {
	if f.Object.Kind.Group == "" && f.Object.Kind.Kind == "Secret" {
		f.Notes = append(f.Notes, "the values of a Secret are not compared; the next up sets the stack's values")
		return
	}
	resource, err := t.client.Resource(f.Object)
	if err != nil {
		f.Notes = append(f.Notes, err.Error())
		return
	}
	t.warnings.drain()
	applied, err := resource.Apply(ctx, wanted.GetName(), wanted, metav1.ApplyOptions{FieldManager: cmp.Or(f.manager, "hankki"), Force: true, DryRun: []string{metav1.DryRunAll}})
	f.Notes = append(f.Notes, t.warnings.drain()...)
	switch {
	case immutable(err):
		f.Replace = reasonOf(err)
	case err != nil:
		f.Notes = append(f.Notes, "the changes of the next up are unknown: "+reasonOf(err))
	default:
		f.Changes = differences("", content(f.live), content(applied))
		f.Removes = removed(f.live, applied)
	}
}

// immutable reports whether the API server rejected a change of an immutable field.
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

// reasonOf returns the API server's message in one line, without the object's name, which the caller prints.
func reasonOf(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if _, reason, found := strings.Cut(text, " is invalid: "); found {
		return reason
	}
	return text
}

// content returns the object without the fields and annotations that the API server and ownership set.
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

// keyed returns a map as it is, and a list of named objects as a map by name.
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
	printed := strings.ReplaceAll(string(text), unknown, "(known after other objects are created)")
	if runes := []rune(printed); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return printed
}

// removed lists the fields that kubectl set and the applied object lacks. The stack becomes their manager, and its
// next apply removes them.
func removed(live *unstructured.Unstructured, applied *unstructured.Unstructured) []string {
	var fromKubectl []metav1.ManagedFieldsEntry
	for _, m := range live.GetManagedFields() {
		if byKubectl(m) {
			fromKubectl = append(fromKubectl, m)
		}
	}
	kept := slices.DeleteFunc(slices.Clone(applied.GetManagedFields()), byKubectl)
	return slices.DeleteFunc(ownership.FieldsBeyond(fromKubectl, kept), func(path string) bool {
		return strings.HasSuffix(path, corev1.LastAppliedConfigAnnotation) // set by kubectl itself
	})
}
