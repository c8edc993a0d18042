package ownership

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// Field managers and fields of Kubernetes, MetalLB and the Kubernetes provider.
var (
	componentManagers = []string{"kube-", "kubelet", "cloud-controller", "controller", "speaker", "pulumi-kubernetes", "k3s", "kubelite"} // prefixes of managers; the last two run all of Kubernetes in one process
	ownFields         = []string{
		".status", ".metadata.finalizers",
		".metadata.annotations.deployment.kubernetes.io/", ".metadata.annotations.metallb.io/",
		".spec.template.metadata.annotations.kubectl.kubernetes.io/restartedAt", // set by `kubectl rollout restart`
	}
)

// Addition is a field of one of the stack's objects that another manager set, and hankki did not.
type Addition struct {
	Object  Object `json:"object"`
	Path    string `json:"path"`    // e.g. .spec.template.spec.containers[name="flask"].env[name="DEBUG"]
	Manager string `json:"manager"` // with the day of its change
}

// Additions lists what other managers added, for example a variable, label or container by hand. `pulumi refresh`
// compares only the fields that Pulumi set, and does not report them.
func (o Owner) Additions(p Plan, found []Live) (all []Addition) {
	for _, live := range found {
		if !p.Has[live.Object] {
			continue
		}
		own := &fieldpath.Set{}
		for _, m := range live.ManagedFields {
			if m.Manager == o.FieldManager || isComponent(m.Manager) {
				own = own.Union(fieldsOf(m))
			}
		}
		for _, m := range live.ManagedFields {
			if m.Manager == o.FieldManager || isComponent(m.Manager) || m.Subresource == "status" {
				continue
			}
			for _, path := range paths(fieldsOf(m).Difference(own)) {
				all = append(all, Addition{live.Object, path, manager(m)})
			}
		}
	}
	return all
}

// Lines describes additions, one line per object. They must be in the order of the objects.
func Lines(additions []Addition) (lines []string) {
	for len(additions) > 0 {
		object := additions[0].Object
		var byManager []string
		for len(additions) > 0 && additions[0].Object == object {
			manager := additions[0].Manager
			var paths []string
			for len(additions) > 0 && additions[0].Object == object && additions[0].Manager == manager {
				paths = append(paths, additions[0].Path)
				additions = additions[1:]
			}
			byManager = append(byManager, fmt.Sprintf("%s (%s)", strings.Join(paths, ", "), manager))
		}
		lines = append(lines, fmt.Sprintf("%s has fields that hankki did not write: %s. An up keeps them until it changes the object, and then removes the fields that kubectl set: "+
			"add them to the configuration, or remove them", object, strings.Join(byManager, "; ")))
	}
	return lines
}

// FieldsBeyond lists the fields that the first list of managers has set and the second has not.
func FieldsBeyond(some, others []metav1.ManagedFieldsEntry) []string {
	all := &fieldpath.Set{}
	for _, m := range some {
		all = all.Union(fieldsOf(m))
	}
	beyond := all
	for _, m := range others {
		beyond = beyond.Difference(fieldsOf(m))
	}
	// Exclude objects and lists themselves: their remaining fields belong to other managers.
	for left := beyond.Leaves().Difference(all.Leaves()); !left.Empty(); left = beyond.Leaves().Difference(all.Leaves()) {
		beyond = beyond.Difference(left)
	}
	return paths(beyond)
}

func isComponent(manager string) bool {
	return slices.ContainsFunc(componentManagers, func(prefix string) bool { return strings.HasPrefix(manager, prefix) })
}

// fieldsOf returns the fields of one manager. It is empty if they can't be parsed, because a warning must not stop an
// up.
func fieldsOf(m metav1.ManagedFieldsEntry) *fieldpath.Set {
	set := &fieldpath.Set{}
	if m.FieldsV1 == nil || set.FromJSON(bytes.NewReader(m.FieldsV1.Raw)) != nil {
		return &fieldpath.Set{}
	}
	return set
}

// paths lists the leaves of a set; a list item that was added as a whole is one path.
func paths(set *fieldpath.Set) (found []string) {
	set.Leaves().Iterate(func(leaf fieldpath.Path) {
		path := leaf
		for i := range leaf {
			if isItem(leaf[i]) && set.Has(leaf[:i+1]) {
				path = leaf[:i+1]
				break
			}
		}
		text := path.String()
		ignored := slices.ContainsFunc(ownFields, func(prefix string) bool { return strings.HasPrefix(text, prefix) })
		if !ignored && !slices.Contains(found, text) {
			found = append(found, text)
		}
	})
	return found
}

func isItem(e fieldpath.PathElement) bool { return e.Key != nil || e.Value != nil || e.Index != nil }

// manager returns the name of the field manager and the day of its change.
func manager(m metav1.ManagedFieldsEntry) string {
	if m.Time == nil {
		return m.Manager
	}
	return m.Manager + " on " + m.Time.UTC().Format("2006-01-02")
}
