package destroy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"hankki/internal/cluster"
	"hankki/internal/deletion"
	"hankki/internal/ownership"
)

// Left is what remains of a destroyed stack.
type Left struct {
	Objects []Remaining `json:"objects"`
	Images  []string    `json:"images"` // by digest, in the registry
}

// Remaining is a remaining object.
type Remaining struct {
	Object cluster.Object `json:"object"`
	Why    string         `json:"why"`
	Remove string         `json:"remove"` // the command that deletes it; empty if it may belong to others
}

// holdings are the claims and namespaces in the cluster that have the stack's ownership annotations or are in its
// state.
type holdings struct {
	claims, namespaces []unstructured.Unstructured // created by this stack, including those that an earlier destroy kept
	copies             []cluster.Object            // copies of the annotations, not created by this stack
}

// remaining lists the holdings. An error is one of a request to the cluster.
func (s site) remaining(ctx context.Context) (h holdings, err error) {
	foreign := func(o unstructured.Unstructured) bool {
		if s.owns(&o) {
			return false
		}
		if s.marked(&o) {
			h.copies = append(h.copies, cluster.Name(&o))
		}
		return true
	}
	for kind, into := range map[schema.GroupVersionKind]*[]unstructured.Unstructured{cluster.ClaimKind: &h.claims, cluster.NamespaceKind: &h.namespaces} {
		all, err := s.list(ctx, kind)
		if err != nil {
			return holdings{}, err
		}
		*into = slices.DeleteFunc(all, foreign)
	}
	slices.SortFunc(h.copies, func(a, b cluster.Object) int { return strings.Compare(a.String(), b.String()) })
	return h, nil
}

// list lists the objects of a kind in the cluster. Without that permission, which a site's deployer lacks, it lists those in the
// namespaces of the stack's objects.
func (s site) list(ctx context.Context, kind schema.GroupVersionKind) ([]unstructured.Unstructured, error) {
	all, err := s.client.List(ctx, kind, "")
	if !apierrors.IsForbidden(err) {
		return all, err
	}
	for _, namespace := range s.namespaces() {
		if kind != cluster.NamespaceKind {
			found, err := s.client.List(ctx, kind, namespace)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
			continue
		}
		live, err := s.client.Get(ctx, cluster.Object{Kind: kind, Name: namespace})
		if err != nil && !cluster.NotFound(err) {
			return nil, err
		}
		if err == nil {
			all = append(all, *live)
		}
	}
	return all, nil
}

// namespaces lists the namespaces of the stack's objects.
func (s site) namespaces() (names []string) {
	for _, o := range s.objects {
		if o.Namespace != "" && !slices.Contains(names, o.Namespace) {
			names = append(names, o.Namespace)
		}
	}
	return names
}

// mark sets the ownership annotations on claims and namespaces that an earlier version created without them, so that
// the next up adopts them and a later destroy finds them.
func (s site) mark(ctx context.Context) error {
	h, err := s.remaining(ctx)
	if err != nil {
		return fmt.Errorf("listing the objects to keep: %w", err)
	}
	patch := fmt.Appendf(nil, `{"metadata":{"annotations":{%q:%q,%q:%q}}}`,
		ownership.NameAnnotation, s.owner, ownership.IDAnnotation, cmp.Or(s.id, ownership.ByName))
	for _, live := range slices.Concat(h.claims, h.namespaces) {
		if _, id := markOf(&live); id != "" {
			continue
		}
		o := cluster.Name(&live)
		resource, err := s.client.Resource(o)
		if err != nil {
			return err
		}
		if _, err := resource.Patch(ctx, o.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: s.owner}); err != nil {
			return fmt.Errorf("%s: setting the ownership annotations: %w", o, err)
		}
	}
	return nil
}

// leave deletes claims and namespaces as the options allow, and lists the rest. A namespace is deleted if it contains
// only objects of this stack.
func (s site) leave(ctx context.Context, options Options) (Left, error) {
	h, err := s.remaining(ctx)
	if err != nil {
		return Left{}, fmt.Errorf("listing the kept objects: %w", err)
	}
	left := Left{Objects: []Remaining{}}
	for _, o := range h.copies {
		left.Objects = append(left.Objects, Remaining{Object: o, Why: "it has this stack's ownership annotations, but this stack did not create it"})
	}
	var gone []cluster.Object
	for _, live := range h.claims {
		o := cluster.Name(&live)
		if options.Data == DeleteData {
			gone = append(gone, o)
		} else {
			left.Objects = append(left.Objects, keep(o, "it holds data"))
		}
	}
	errs := []error{s.remove(ctx, gone, options)}
	gone = nil
	for _, live := range h.namespaces {
		if stays, empty := s.judge(ctx, &live, options); empty {
			gone = append(gone, stays.Object)
		} else {
			left.Objects = append(left.Objects, stays)
		}
	}
	return left, errors.Join(append(errs, s.remove(ctx, gone, options))...)
}

// judge returns why a namespace stays and the command that deletes it, and reports whether the namespace is empty.
func (s site) judge(ctx context.Context, live *unstructured.Unstructured, options Options) (stays Remaining, empty bool) {
	o := cluster.Name(live)
	if live.GetAnnotations()[sharedAnnotation] != "" && !s.knows(live) && options.Shared != DeleteShared {
		return keep(o, usedByOthers), false
	}
	switch why, others, err := s.inside(ctx, live); {
	case err != nil:
		return Remaining{Object: o, Why: err.Error()}, false
	case others:
		return Remaining{Object: o, Why: why}, false
	default:
		return keep(o, why), why == ""
	}
}

func keep(o cluster.Object, why string) Remaining {
	return Remaining{Object: o, Why: why, Remove: "kubectl delete " + o.Kubectl()}
}

// inside lists the contents that keep a namespace, and reports whether any of them do not belong to this stack. The list
// is empty if the namespace can be deleted.
func (s site) inside(ctx context.Context, namespace *unstructured.Unstructured) (why string, others bool, err error) {
	contents, err := s.client.Contents(ctx, namespace.GetName())
	if err != nil {
		return "", false, err
	}
	var names []string
	for _, o := range contents {
		owns := s.owns(&o)
		others = others || !owns
		if o.GroupVersionKind() == cluster.ClaimKind || !owns {
			names = append(names, o.GetKind()+" "+o.GetName())
		}
	}
	if len(names) == 0 {
		return "", false, nil
	}
	slices.Sort(names)
	const most = 5
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("%d more", more))
	}
	return "it contains: " + strings.Join(names, ", "), others, nil
}

// remove deletes the objects and waits until they no longer exist.
func (s site) remove(ctx context.Context, objects []cluster.Object, options Options) error {
	watch := deletion.New(s.client, options.Log)
	for _, o := range objects {
		resource, err := s.client.Resource(o)
		if err != nil {
			return err
		}
		fmt.Fprintf(options.Log, "deleting %s\n", o)
		if err := resource.Delete(ctx, o.Name, metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("%s: %w", o, err)
		}
		watch.Begin(o.String(), o)
	}
	return watch.Wait(ctx)
}
